// Package kit is what every screen is built from: styles, lines of an exact
// width, frames with a legend in their border, dialogs, and the registry of
// actions that the footer, the help, the palette, the mouse and the README
// are made from.
//
// Nothing in it knows the engine's state or the outside world. Parts are
// plain structs; data goes in, strings of an exact size come out.
package kit
