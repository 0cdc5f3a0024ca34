// Follow a debrief: ask now and then what is settled by now, and put it in its place. What somebody is typing in a form
// is never touched. Nothing is asked while the page is hidden; without this a link reloads the page.
const status = document.querySelector("[data-follow-from]");
const PAUSE = 15000;
let waiting = 0;

const follow = async () => {
  clearTimeout(waiting);
  if (document.hidden) return;
  try {
    const response = await fetch(status.dataset.followFrom, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) throw new Error(response.statusText);
    const found = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of found.querySelectorAll("[data-follow]")) {
      const place = document.querySelector(`[data-follow="${part.dataset.follow}"]`);
      if (place && place.textContent.trim() !== part.textContent.trim()) place.replaceChildren(...part.childNodes);
    }
    if (found.querySelector("[data-closed]")) {
      status.textContent = "The debrief was closed. Reload this page to read it.";
      return;
    }
    status.textContent = "What others settle shows here by itself.";
  } catch {
    status.textContent = "Connection lost. What others settle shows once it is back.";
  }
  waiting = setTimeout(follow, PAUSE);
};

document.addEventListener("visibilitychange", follow);
waiting = setTimeout(follow, PAUSE);
