// A passkey that was not read, or that the browser refused, is said on the page instead of in the console.
document.addEventListener("allauth.error", (event) => {
  const notice = document.querySelector("[data-key-failed]");
  if (!notice) return;
  event.preventDefault();
  notice.hidden = false;
});
