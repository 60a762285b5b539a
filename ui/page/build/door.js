"use strict";
(() => {
  const $ = id => document.getElementById(id);
  const say = text => { $("said").textContent = text; };
  const term = new Terminal({
    fontFamily: "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace", fontSize: 15, scrollback: 0, convertEol: true, allowProposedApi: true,
    macOptionIsMeta: true, theme: { background: "#10131a", foreground: "#e6e9f0" },
  });
  const fit = new FitAddon.FitAddon();
  term.loadAddon(fit);
  term.open($("terminal"));
  fit.fit();
  term.parser.registerOscHandler(52, data => {
    const text = data.slice(data.indexOf(";") + 1);
    if (text !== "?") {
      const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
      navigator.clipboard?.writeText(new TextDecoder().decode(bytes)).then(() => say("copied"), () => say("the browser does not let a page copy here"));
    }
    return true;
  });
  $("import").remove();
  $("wait").textContent = "coming in…";
  const socket = new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/terminal");
  socket.binaryType = "arraybuffer";
  const tell = message => { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)); };
  const ask = why => {
    $("wait").hidden = false;
    $("wait").innerHTML = '<form><label>Password of the class: <input type="password" autocomplete="off"></label> <button>come in</button><p role="alert"></p></form>';
    $("wait").querySelector("p").textContent = why || "";
    const form = $("wait").querySelector("form"), input = form.querySelector("input");
    form.onsubmit = e => { e.preventDefault(); tell({ password: input.value }); };
    input.focus();
  };
  let first = true;
  socket.onopen = () => tell({ cols: term.cols, rows: term.rows });
  socket.onmessage = e => {
    if (typeof e.data !== "string") {
      if (first) {
        first = false;
        $("wait").hidden = true;
        term.focus();
      }
      term.write(new Uint8Array(e.data));
      return;
    }
    const m = JSON.parse(e.data);
    if (m.ask) return ask(m.say);
    if (m.progress !== undefined) return save(m.progress);
    if (m.say) { $("wait").hidden = true; term.write(m.say); }
  };
  socket.onclose = () => { $("wait").hidden = true; term.write("\r\nThe connection has ended. Reload the page to come in again.\r\n"); };
  const save = text => {
    const a = document.createElement("a");
    a.href = URL.createObjectURL(new Blob([text], { type: "application/jsonl" }));
    a.download = "progress.jsonl";
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 1000);
    say("saved as progress.jsonl: esmlab progress --import takes it");
    term.focus();
  };
  $("export").onclick = () => tell({ progress: true });
  $("reader").onclick = () => {
    term.options.screenReaderMode = !term.options.screenReaderMode;
    $("reader").setAttribute("aria-pressed", term.options.screenReaderMode);
    term.focus();
  };
  term.onData(keys => tell({ keys }));
  term.onBinary(keys => tell({ keys }));
  term.onResize(({ cols, rows }) => tell({ cols, rows }));
  new ResizeObserver(() => fit.fit()).observe($("terminal"));
  addEventListener("beforeunload", e => { if (!first && socket.readyState === WebSocket.OPEN) e.preventDefault(); });
  globalThis.esmlab = { term };
})();
