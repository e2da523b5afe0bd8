// The search: loads parts of the index as scripts, which works from file:// too. Everything it
// shows is set as text; nothing of the index is ever markup.
"use strict";
(() => {
  const box = document.getElementById("search");
  const [field, district, year, kind] = ["q", "district", "year", "kind"].map((id) => document.getElementById(id));
  const [status, agencies, results, more] = ["status", "agencies", "results", "more"].map((id) => document.getElementById(id));
  const say = (key, n) => box.dataset[key].replace("{n}", n);
  const PAGE = 40;
  const AGENCIES = 12;

  // --- loading -------------------------------------------------------------------------------
  const heads = new Map(), terms = new Map(), places = new Map(), loading = new Map();
  let parts = [];
  window.__meta = (found) => { parts = found; };
  window.__head = (part, head) => heads.set(part, head);
  window.__terms = (part, number, table) => terms.set(`${part}-t${number}`, table);
  window.__places = (part, number, found) => places.set(`${part}-p${number}`, found);

  function load(name) {
    if (!loading.has(name)) {
      loading.set(name, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = `search/${name}.js`;
        script.onload = () => { script.remove(); done(); };
        script.onerror = () => { script.remove(); loading.delete(name); failed(new Error(name)); };
        document.head.append(script);
      }));
    }
    return loading.get(name);
  }

  async function open(part) {
    await load(`${part}-head`);
    const head = heads.get(part);
    await Promise.all([...Array(head.tables).keys()].map((n) => load(`${part}-t${n}`)));
    return head;
  }

  // --- matching ------------------------------------------------------------------------------
  const plain = (text) => text.normalize("NFKC").toLowerCase();

  function words(text) {
    return plain(text).split(/\s+/).filter(Boolean);
  }

  function enough(asked) {
    return asked.some((word) => /^[\x00-\x7f]+$/.test(word) ? word.length >= 3 : [...word].length >= 2);
  }

  // Which words an agency answers for: the others must be answered by the line.
  function answered(agency, asked) {
    const names = plain(`${agency[0]} ${agency[1]}`);
    return asked.map((word) => names.includes(word));
  }

  function score(name, asked) {
    const text = plain(name);
    if (asked.includes(text)) return 0;
    return asked.some((word) => text.startsWith(word)) ? 1 : 2;
  }

  async function* found(asked, chosen) {
    for (const [division, ofYear] of parts) {
      if (chosen.district && chosen.district !== division) continue;
      if (chosen.year && Number(chosen.year) !== ofYear) continue;
      const part = `${division}-${ofYear}`;
      const head = await open(part);
      const owners = head.agencies.map((agency) => answered(agency, asked));
      const hits = [];
      for (let table = 0; table < head.tables; table += 1) {
        for (const [code, name, , pack, at] of terms.get(`${part}-t${table}`)) {
          const text = plain(`${code} ${name}`);
          const own = asked.map((word) => (/^\d+$/.test(word) ? code.startsWith(word) || text.includes(` ${word}`) : text.includes(word)));
          if (!own.some(Boolean)) continue;
          if (!owners.some((owner) => own.every((yes, n) => yes || owner[n]))) continue;
          hits.push({ code, name, pack, at, own, rank: score(name, asked) });
        }
      }
      hits.sort((a, b) => a.rank - b.rank || a.name.length - b.name.length || (a.code < b.code ? -1 : 1));
      for (const hit of hits) {
        await load(`${part}-p${hit.pack}`);
        for (const place of places.get(`${part}-p${hit.pack}`)[hit.at]) {
          const [owner, what, , href, columns] = head.documents[place[0]];
          if (chosen.kind && chosen.kind !== what) continue;
          if (!hit.own.every((yes, n) => yes || owners[owner][n])) continue;
          yield { hit, place, head, year: ofYear, what, href, columns, agency: head.agencies[owner] };
        }
      }
      yield null; // the end of a year: enough may have been found
    }
  }

  // --- showing -------------------------------------------------------------------------------
  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function shown(one) {
    const [, anchor, page, column, figure, certainty] = one.place;
    const [statement, measure, unit] = one.head.columns[one.columns[column]];
    const item = element("li");
    const link = element("a", "", { href: `${one.href}#${anchor}` });
    if (one.hit.code) link.append(element("span", one.hit.code, { class: "code" }), " ");
    link.append(one.hit.name);
    const amount = figure === 0 ? say("blank") : `${figure}${unit ? ` ${unit}` : ""}`;
    const value = element("span", amount, { class: "amount" });
    if (certainty) value.append(" *");
    const label = kind.querySelector(`option[value="${one.what}"]`).textContent;
    const where = `${one.agency[0]} · ${one.year} ${label} · 《${statement}》 ${measure} · ${say("pageN", page)}`;
    item.append(link, value, element("span", where, { class: "where" }));
    return item;
  }

  let current = 0;
  let going = null;

  async function proceed(ticket) {
    const { walk } = going;
    more.hidden = true;
    let count = 0;
    try {
      for (;;) {
        const { value, done } = await walk.next();
        if (ticket !== current) return;
        if (done) { going.done = true; break; }
        if (value === null) {
          if (going.shownSoFar >= PAGE) break;
          continue;
        }
        results.append(shown(value));
        going.shownSoFar += 1;
        count += 1;
        if (count >= PAGE) break;
      }
    } catch (error) {
      status.textContent = say("loadFailed", error.message);
      return;
    }
    status.textContent = going.shownSoFar ? say("found", going.shownSoFar) + (going.done ? "" : "+") : say(agencies.children.length ? "found" : "foundNone", 0);
    more.hidden = going.done;
    more.textContent = count >= PAGE ? say("more") : say("older");
  }

  async function listAgencies(asked, chosen, ticket) {
    const seen = new Set();
    for (const [division, ofYear] of parts) {
      if (chosen.district && chosen.district !== division) continue;
      if (seen.size >= AGENCIES) break;
      const part = `${division}-${ofYear}`;
      try { await load(`${part}-head`); } catch { continue; }
      if (ticket !== current) return;
      for (const agency of heads.get(part).agencies) {
        if (seen.has(agency[2]) || seen.size >= AGENCIES) continue;
        if (!answered(agency, asked).every(Boolean)) continue;
        seen.add(agency[2]);
        const item = element("li");
        item.append(element("a", agency[0], { href: agency[2] }));
        agencies.append(item);
      }
    }
  }

  async function search() {
    current += 1;
    const ticket = current;
    const asked = words(field.value);
    results.replaceChildren();
    agencies.replaceChildren();
    more.hidden = true;
    if (!enough(asked)) { status.textContent = field.value.trim() ? say("seek") : ""; return; }
    status.textContent = say("searching");
    const chosen = { district: district.value, year: year.value, kind: kind.value };
    await listAgencies(asked, chosen, ticket);
    if (ticket !== current) return;
    going = { walk: found(asked, chosen), shownSoFar: 0, done: false };
    await proceed(ticket);
  }

  // --- beginning -----------------------------------------------------------------------------
  let waiting;
  const later = () => { clearTimeout(waiting); waiting = setTimeout(remember, 200); };
  function remember() {
    const said = new URLSearchParams();
    for (const one of [field, district, year, kind]) if (one.value) said.set(one.id, one.value);
    history.replaceState(null, "", `#${said}`);
    search();
  }
  field.addEventListener("input", later);
  for (const one of [district, year, kind]) one.addEventListener("change", remember);
  more.addEventListener("click", () => proceed(current));
  load("meta").then(() => {
    const said = new URLSearchParams(location.hash.slice(1));
    for (const one of [field, district, year, kind]) if (said.has(one.id)) one.value = said.get(one.id);
    box.hidden = false;
    if (field.value) search(); else field.focus();
  }, (error) => { status.textContent = say("loadFailed", error.message); });
})();
