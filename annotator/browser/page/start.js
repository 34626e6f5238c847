// textual.js connects at load to the address that the page names. It is completed here, where the
// address of the page is known, so that tunnels and proxies need no setting.
document.addEventListener("DOMContentLoaded", () => {
  const socket = new URL("ws", window.location.href);
  socket.protocol = window.location.protocol === "https:" ? "wss:" : "ws:";
  socket.search = "";
  document.getElementById("terminal").dataset.sessionWebsocketUrl = socket.href;
  const again = document.getElementById("again");
  again.addEventListener("click", () => window.location.reload());
  // Keys go to the terminal without a click first, and to the button once there is no terminal.
  const focus = () => {
    const typing = document.querySelector(".xterm-helper-textarea");
    if (document.body.classList.contains("-closed")) again.focus();
    else if (typing) typing.focus();
  };
  new MutationObserver(focus).observe(document.body, { attributeFilter: ["class"] });
  window.addEventListener("focus", focus);
});
