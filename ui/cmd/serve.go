package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/charmbracelet/keygen"
	"github.com/spf13/cobra"

	"esmlab/quiz/card"
	"esmlab/talks"
	"esmlab/ui/home"
	"esmlab/ui/kit"
	"esmlab/ui/present"
	"esmlab/ui/serve"
	"esmlab/ui/user"
)

// serveFlags are the flags of `esmlab serve`.
type serveFlags struct {
	address   string
	ssh, web  int
	password  string
	open      bool
	guests    int
	idle      time.Duration
	notes     string
	door, key string
}

func serveCommand(w *Env) *cobra.Command {
	f, o := &serveFlags{}, &runOptions{}
	c := &cobra.Command{
		Use:   "serve [NAME]",
		Short: "Let a class in, by SSH and by browser",
		Long: "Opens this machine to guests. Each has their own labs, lessons and quiz, or follows what you\n" +
			"show: the lab, lesson or presentation on your screen. f takes a copy of it to play with. Guests\n" +
			"get no shell and no file of this machine; their progress is theirs to take home.\n\n" +
			"At first only this machine can come in. For a room, name an address of this machine (or 0.0.0.0\n" +
			"for all), and choose --password WORD or --open.",
		Example: "esmlab serve                                        # try it: ssh -p 2222 localhost\nesmlab serve --address 0.0.0.0 --password otter     # for a room\nesmlab serve streams --address 0.0.0.0 --open        # showing a presentation",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return w.serve(c.Context(), name, o, f)
		},
	}
	o.flags(c)
	fl := c.Flags()
	fl.StringVar(&f.address, "address", "127.0.0.1", "the address of this machine to listen on: 127.0.0.1 is for itself only, 0.0.0.0 all")
	fl.IntVar(&f.ssh, "ssh-port", 2222, "the port for SSH; 0: any that is free, -1: none")
	fl.IntVar(&f.web, "web-port", 8080, "the port for browsers; 0: any that is free, -1: none")
	fl.StringVar(&f.password, "password", "", "what guests are asked for")
	fl.BoolVar(&f.open, "open", false, "ask guests for no password")
	fl.IntVar(&f.guests, "guests", 60, "how many guests there may be at once")
	fl.DurationVar(&f.idle, "idle", time.Hour, "how long a guest may do nothing")
	fl.StringVar(&f.notes, "notes", usualNotes, "where this machine's page of speaker notes is; \"\": nowhere")
	fl.StringVar(&f.door, "door", "", "the page of the browser door, as `FILE`; without it the one that was built")
	fl.StringVar(&f.key, "host-key", "", "the private key of the SSH door, as `FILE`; without it the one that is kept in esmlab's data directory")
	c.MarkFlagsMutuallyExclusive("password", "open")
	return c
}

// serve opens the doors, and shows who comes in.
func (w *Env) serve(ctx context.Context, name string, o *runOptions, f *serveFlags) error {
	addr, err := netip.ParseAddr(f.address)
	switch {
	case err != nil:
		return cannot("esmlab serve: --address %s: not an address such as 127.0.0.1 or 192.168.1.20", f.address)
	case !addr.IsLoopback() && f.password == "" && !f.open:
		return cannot("esmlab serve: others than this machine could come in at %s: choose --password WORD, or --open to ask for none", addr)
	case f.guests < 1 || f.guests > 1000:
		return cannot("esmlab serve: --guests %d: from 1 to 1000", f.guests)
	case f.ssh < 0 && f.web < 0:
		return cannot("esmlab serve: with --ssh-port -1 and --web-port -1 nobody can come in")
	}
	doors, err := listenRoom(ctx, cmp.Or(f.notes, "127.0.0.1:0"), "")
	if err != nil {
		return cannot("esmlab serve: --notes: %v", err)
	}
	defer doors.Close()
	w.user().Room = doors
	first, err := w.shownFirst(name, o) // what cannot be read is refused before anybody comes in
	if err != nil {
		return err
	}
	key, err := w.hostKey(f.key)
	if err != nil {
		return cannot("esmlab serve: the host key: %v", user.RootCause(err))
	}
	page, err := w.doorPage(f.door)
	if err != nil {
		return err
	}
	ssh, err := listen(addr, f.ssh, "--ssh-port")
	if err != nil {
		return err
	}
	web, err := listen(addr, f.web, "--web-port")
	if err != nil {
		if ssh != nil {
			_ = ssh.Close()
		}
		return err
	}
	class := serve.New(serve.Options{Password: f.password, Guests: f.guests, Idle: f.idle, Version: version(), HostKey: key, Door: page, Asked: doors.Asked, Vote: doors.Handler(false), NewID: newLineID, Now: w.now})
	if err := class.Serve(ssh, web); err != nil {
		return cannot("esmlab serve: %v", err)
	}
	defer class.Close()
	join := joinLines(addr, ssh, web, page != nil, f.password)
	if web != nil {
		doors.VoteAt("http://" + net.JoinHostPort(hostsOf(addr)[0], strconv.Itoa(web.Addr().(*net.TCPAddr).Port)) + "/vote")
		join = append(join, "A phone votes:  "+doors.Votes()+"  (guests vote with a digit)")
	}
	if at := doors.Speaker(); f.notes != "" && at != "" {
		join = append(join, "Your notes:     "+at+"  (this machine only; esmlab present --speaker="+at+")")
	}
	if !w.Interactive {
		for _, line := range join {
			fmt.Fprintln(w.Out, line)
		}
		<-ctx.Done()
		return nil
	}
	u := w.user()
	u.More = []func(*kit.ScreenStack) home.Section{class.Section(join)}
	w.class = class
	return w.screen(ctx, "the class", func(screens *kit.ScreenStack) error {
		screens.Open(u.Home(screens, o.changes()))
		if err := first(screens); err != nil {
			return err
		}
		screens.Open(serve.NewStatus(class, screens, join))
		return nil
	})
}

// shownFirst gives what opens what is to be shown: a presentation by its name or its
// file, or a scenario; "" nothing.
func (w *Env) shownFirst(name string, o *runOptions) (open func(*kit.ScreenStack) error, err error) {
	u := w.user()
	_, builtin := talks.Builtin(name)
	switch {
	case name == "":
		return func(*kit.ScreenStack) error { return nil }, nil
	case builtin || card.IsNote(name):
		t, err := u.Talk(name)
		return func(screens *kit.ScreenStack) error {
			s, err := present.New(screens, u.PresentOptions(t))
			if err == nil {
				screens.Open(s)
			}
			return err
		}, err
	}
	opts, err := u.LabOptions(name, o.changes())
	return func(screens *kit.ScreenStack) error { return u.OpenOn(screens, opts) }, err
}

// listen listens on a port; nil where there is to be no door.
func listen(addr netip.Addr, port int, flag string) (net.Listener, error) {
	if port < 0 {
		return nil, nil
	}
	l, err := net.Listen("tcp", netip.AddrPortFrom(addr, uint16(min(port, 65535))).String())
	if err != nil {
		return nil, cannot("esmlab serve: port %d cannot be listened on: %v (%s chooses another, 0 any that is free)", port, user.RootCause(err), flag)
	}
	return l, nil
}

// joinLines say how to come in.
func joinLines(addr netip.Addr, ssh, web net.Listener, door bool, password string) []string {
	hosts := hostsOf(addr)
	var out []string
	for i, h := range hosts {
		if ssh != nil {
			port := ssh.Addr().(*net.TCPAddr).Port
			at := "ssh "
			if port != 22 {
				at += "-p " + strconv.Itoa(port) + " "
			}
			out = append(out, "In a terminal:  "+at+h)
		}
		if web != nil {
			line := "In a browser:   http://" + net.JoinHostPort(h, strconv.Itoa(web.Addr().(*net.TCPAddr).Port))
			if !door && i == 0 {
				line += "  (says how to use SSH: the browser door was not built; see README, For a class)"
			}
			out = append(out, line)
		}
	}
	switch {
	case password != "":
		out = append(out, "Password:       "+password)
	case addr.IsLoopback():
		out = append(out, "Only this machine can come in: --address 0.0.0.0 opens it to the room.")
	default:
		out = append(out, "Nobody is asked for a password.")
	}
	return out
}

// hostsOf names an address as guests can reach it: all of them where it stands for all.
func hostsOf(addr netip.Addr) []string {
	if !addr.IsUnspecified() {
		if addr == netip.MustParseAddr("127.0.0.1") {
			return []string{"localhost"}
		}
		return []string{addr.String()}
	}
	var out []string
	list, _ := net.InterfaceAddrs()
	for _, a := range list {
		if p, err := netip.ParsePrefix(a.String()); err == nil && !p.Addr().IsLoopback() && !p.Addr().IsLinkLocalUnicast() && (addr.Is6() || p.Addr().Is4()) {
			out = append(out, p.Addr().String())
		}
	}
	slices.Sort(out)
	if len(out) == 0 {
		out = append(out, "localhost")
	}
	return out[:min(len(out), 4)]
}

// hostKey gives the private key of the SSH door. It is made at the first start and kept,
// so that guests' machines know this one again.
func (w *Env) hostKey(file string) ([]byte, error) {
	if file == "" {
		path, err := progressPath()
		if err != nil {
			return nil, err
		}
		file = filepath.Join(filepath.Dir(path), "ssh_host_ed25519")
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	pair, err := keygen.New(file, keygen.WithKeyType(keygen.Ed25519), keygen.WithWrite())
	if err != nil {
		return nil, err
	}
	return pair.RawPrivateKey(), nil
}

// doorPage is the page of the browser door: the named file, or the one that was built
// into the program or into esmlab's data directory; nil: it was not built.
func (w *Env) doorPage(file string) ([]byte, error) {
	if file != "" {
		page, err := readFile(file)
		if err != nil {
			return nil, cannot("esmlab serve: --door %s: cannot be read: %v", file, user.RootCause(err))
		}
		return page, nil
	}
	if page := serve.Built(); page != nil {
		return page, nil
	}
	path, err := progressPath()
	if err != nil {
		return nil, nil //nolint:nilerr // there is no such directory, so there is no page in it
	}
	page, err := readFile(filepath.Join(filepath.Dir(path), "door.html"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return page, err
}
