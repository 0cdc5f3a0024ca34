// An element with data-dialog="<id>" opens that <dialog> in place. A link keeps its address for those without a script.
// Inside the dialog, data-dialog-close closes it; Escape and the return of the focus are the browser's own.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
});
