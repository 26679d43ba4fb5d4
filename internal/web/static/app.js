// All that is here is extra: every page is complete without it.
(() => {
  'use strict';
  const one = (selector) => document.querySelector(selector);

  // The reader's own zone, which only the browser knows.
  const select = one('select[name="tz"]');
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (select && own && ![...select.options].some((o) => o.value === own)) {
    const place = own.split('/').pop().replaceAll('_', ' ');
    select.add(new Option(place + ', your own', own), 1);
  } else if (select && own) {
    const mine = [...select.options].find((o) => o.value === own);
    mine.text += ', your own';
  }

  // What changed since this reader last looked, as far as this browser can know.
  const store = (area, name, value) => {
    try {
      if (value === undefined) return area.getItem(name) || '';
      area.setItem(name, value);
    } catch { /* the browser keeps nothing, and then nothing is remembered */ }
    return value || '';
  };
  const news = one('.news[data-seqs]');
  if (news && !new URLSearchParams(location.search).has('at')) {
    const seqs = news.dataset.seqs.split(' ').filter(Boolean).map(Number);
    const kept = store(localStorage, 'seen');
    let since = store(sessionStorage, 'since');
    if (!since && kept) since = store(sessionStorage, 'since', kept);
    const newest = Math.max(Number(kept) || 0, ...seqs);
    store(localStorage, 'seen', String(newest));
    if (since) {
      const n = seqs.filter((s) => s > Number(since)).length;
      const summary = news.querySelector('summary');
      summary.textContent = `${n || 'Nothing'} ${n ? (n === 1 ? 'change' : 'changes') : 'changed'} since you last looked`;
      for (const line of news.querySelectorAll('[data-seq]')) {
        line.classList.toggle('new', Number(line.dataset.seq) > Number(since));
      }
    }
  }

  // Words that no event has are not sent back by the server.
  const find = one('input[name="q"]');
  if (find && !find.value) {
    find.value = new URLSearchParams(location.search).get('q') || '';
  }

  // Of the lists to choose from one is open at a time, and Escape closes it.
  const picks = [...document.querySelectorAll('details.pick')];
  for (const p of picks) {
    p.addEventListener('toggle', () => {
      if (p.open) {
        picks.forEach((o) => { if (o !== p) o.open = false; });
      }
    });
  }
  addEventListener('keydown', (e) => {
    const open = picks.find((p) => p.open);
    if (e.key === 'Escape' && open) {
      open.open = false;
      open.querySelector('summary').focus();
    }
  });
  addEventListener('click', (e) => picks.forEach((p) => { if (!p.contains(e.target)) p.open = false; }));

  // What was not chosen stays out of the address.
  const form = one('form.filters');
  if (form) {
    form.addEventListener('submit', () => {
      for (const field of form.elements) {
        if (field.name && field.value === '') field.disabled = true;
      }
    });
    addEventListener('pageshow', () => { for (const field of form.elements) field.disabled = false; });
  }

  // In the month and the week arrows go from day to day, and beyond its edges.
  const days = [...document.querySelectorAll('.grid a.d')];
  const along = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  addEventListener('keydown', (e) => {
    const at = days.indexOf(document.activeElement), by = along[e.key];
    if (at < 0 || !by || e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    const to = days[at + by];
    if (to) to.focus();
    else one(`.ways-along [rel="${by < 0 ? 'prev' : 'next'}"]`)?.click();
  });

  // Addresses to copy.
  for (const box of document.querySelectorAll('.copy')) {
    if (!navigator.clipboard) break;
    const address = box.querySelector('code').textContent;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn alt';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(address);
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    box.append(button);
  }
})();
