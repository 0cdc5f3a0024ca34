// Buttons that open the print dialogue: <button data-print>.
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
