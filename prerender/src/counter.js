(() => {
  const page = document, browser = navigator, script = page.currentScript;
  const api = new URL(script.dataset.api || '%API_BASE%' || '/', script.src).href.replace(/\/?$/, '/');
  const kept = (...words) => {
    try {
      return localStorage[words[1] ? 'setItem' : 'getItem'](...words);
    } catch {}
  };
  const next = (event) => new Promise((done) => page.addEventListener(event, done, { once: true }));
  const own = () =>
    page.querySelector('meta[name=page]')?.content ||
    location.host.replace(/\.(?=:|$)/, '') + location.pathname.replace(/\/+/g, '/').replace(/\/index\.html$/, '/');
  (async () => {
    if (page.readyState == 'loading') await next('DOMContentLoaded');
    while (page.prerendering) await next('prerenderingchange');
    while (page.hidden) await next('visibilitychange');
    const today = new Date().toISOString().slice(0, 10);
    const skipped =
      browser.webdriver || browser.globalPrivacyControl || browser.doNotTrack == 1 ||
      kept('count') == 'off' || /(^| )count=off(;|$)/.test(page.cookie);
    const numbers = {};
    const ask = async (path, daily) => {
      const key = 'counted:' + path, read = skipped || (daily && kept(key) == today);
      const query = `counter?path=${encodeURIComponent(path)}&mode=${read ? 'read' : 'view'}`;
      const { count } = await (await fetch(api + query, { signal: AbortSignal.timeout(5e3) })).json();
      if (daily && !read) kept(key, today);
      return count.toLocaleString(page.documentElement.lang || []);
    };
    for (const place of page.querySelectorAll('[data-counter]')) {
      const { counter, counts } = place.dataset, path = counter || own();
      (numbers[path] ||= ask(path, counts == 'daily')).then(
        (number) => (place.textContent = number),
        () => (place.textContent = '–'),
      );
    }
  })();
})();
