// Text of a scorecard may wait on this device (autosave.js) while its candidate is erased on the server. Whatever page its
// writer comes to next, such text goes.
(async () => {
  const form = document.querySelector("form[data-cards]");
  const stores = (await globalThis.indexedDB?.databases?.().catch(() => [])) ?? [];
  if (!form || !stores.some((store) => store.name === "smarter-scorecards")) return;
  const user = Number(form.dataset.user);

  const store = (mode, act) =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open("smarter-scorecards", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("unsent", { keyPath: ["user", "card", "tab"] });
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const transaction = opening.result.transaction("unsent", mode);
        const request = act(transaction.objectStore("unsent"));
        transaction.oncomplete = () => {
          opening.result.close();
          resolve(request.result);
        };
        transaction.onerror = () => reject(transaction.error);
      };
    });

  const own = IDBKeyRange.bound([user], [user, []]);
  const keys = await store("readonly", (records) => records.getAllKeys(own)).catch(() => []);
  for (const card of new Set(keys.map(([, number]) => number).filter(Number.isInteger))) {
    const url = form.dataset.cards.replace("/0/", `/${card}/`);
    const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" })
      .then((response) => response.json())
      .catch(() => ({}));
    if (answer.user !== user || answer.erased !== true) continue;
    await store("readwrite", (records) => records.delete(IDBKeyRange.bound([user, card], [user, card, []]))).catch(() => {});
  }
})();
