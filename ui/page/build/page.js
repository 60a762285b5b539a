"use strict";
(async () => {
  const $ = id => document.getElementById(id);
  const began = performance.now();
  const say = text => { $("said").textContent = text; };
  const bytes = base64 => {
    const text = atob(base64), out = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
    return out;
  };
  const keep = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, text) { try { localStorage.setItem(key, text); return ""; } catch (e) { return "the browser keeps nothing here (" + e.name + ")"; } },
  };
  const reader = keep.get("esmlab/reader") === "on";
  const term = new Terminal({
    fontFamily: "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace", fontSize: 15, scrollback: 0, convertEol: true, allowProposedApi: true,
    screenReaderMode: reader, macOptionIsMeta: true, theme: { background: "#10131a", foreground: "#e6e9f0" },
  });
  const fit = new FitAddon.FitAddon();
  term.loadAddon(fit);
  term.open($("terminal"));
  fit.fit();
  // What the program copies (OSC 52) goes to the browser's clipboard.
  term.parser.registerOscHandler(52, data => {
    const text = data.slice(data.indexOf(";") + 1);
    if (text !== "?") {
      navigator.clipboard?.writeText(new TextDecoder().decode(bytes(text))).then(() => say("copied"), () => say("the browser does not let a page copy here"));
    }
    return true;
  });
  const took = what => { esmlab.took[what] = Math.round(performance.now() - began); };
  globalThis.esmlab = {
    storage: keep, cols: term.cols, rows: term.rows, address: location.hash,
    still: matchMedia("(prefers-reduced-motion: reduce)").matches,
    write: bytes => term.write(bytes),
    ended(why) { $("wait").hidden = true; term.write("\r\n" + (why || "esmlab has ended. Reload the page to begin again.") + "\r\n"); },
    term, took: {}, mark: what => took(what),
  };
  // The program goes to the other screen with its first frame.
  const drawn = term.onRender(() => {
    if (term.buffer.active.type !== "alternate") return;
    drawn.dispose();
    $("wait").hidden = true;
    took("firstFrame");
    term.focus();
  });
  try {
    took("terminal");
    await new Promise(done => requestAnimationFrame(() => setTimeout(done))); // what stands in the page is drawn first
    const packed = bytes($("program").textContent);
    $("program").remove();
    took("decoded");
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const go = new Go();
    const { instance } = await WebAssembly.instantiateStreaming(new Response(stream, { headers: { "Content-Type": "application/wasm" } }), go.importObject);
    took("compiled");
    go.run(instance).finally(() => { esmlab.exited = true; });
  } catch (e) {
    $("wait").textContent = "esmlab cannot run in this browser: " + e;
    return;
  }
  term.onData(keys => esmlab.keys(keys));
  term.onBinary(keys => esmlab.keys(keys));
  term.onResize(({ cols, rows }) => esmlab.size(cols, rows));
  new ResizeObserver(() => fit.fit()).observe($("terminal"));
  addEventListener("hashchange", () => esmlab.open(location.hash));
  const take = async file => {
    const said = esmlab.drop(file.name, new Uint8Array(await file.arrayBuffer()));
    if (said) say(said);
    term.focus();
  };
  addEventListener("dragover", e => { e.preventDefault(); document.body.classList.add("drop"); });
  addEventListener("dragleave", e => { if (!e.relatedTarget) document.body.classList.remove("drop"); });
  addEventListener("drop", e => {
    e.preventDefault();
    document.body.classList.remove("drop");
    for (const file of e.dataTransfer.files) take(file);
  });
  $("import").onclick = () => $("file").click();
  $("file").onchange = e => { for (const file of e.target.files) take(file); e.target.value = ""; };
  $("export").onclick = () => {
    const a = document.createElement("a");
    a.href = URL.createObjectURL(new Blob([esmlab.export()], { type: "application/jsonl" }));
    a.download = "progress.jsonl";
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 1000);
    say("saved as progress.jsonl");
    term.focus();
  };
  const pressed = on => $("reader").setAttribute("aria-pressed", on);
  pressed(reader);
  $("reader").onclick = () => {
    term.options.screenReaderMode = !term.options.screenReaderMode;
    keep.set("esmlab/reader", term.options.screenReaderMode ? "on" : "off");
    pressed(term.options.screenReaderMode);
    term.focus();
  };
})();
