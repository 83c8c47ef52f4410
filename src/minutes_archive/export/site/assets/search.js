/* The search page: the form, the address that carries its state, the list of results and the filters. */
"use strict";

(function () {
  var PAGE = 10, MOST_VALUES = 10;
  var FACETS = [["body", "Body"], ["topic", "Topic"], ["decision", "Decision"], ["restriction", "Restriction"], ["council", "Council"], ["year", "Year"]];
  var archive = window.minutesArchive, reader = minutesFolding.reader(archive);
  var disk = location.protocol === "file:";
  var engine = disk ? minutesEngines.fromDisk(archive, "") : minutesEngines.onServer(archive, "");
  var asked = 0;

  function at(id) { return document.getElementById(id); }

  function make(tag, text, properties) {
    var element = document.createElement(tag);
    if (text) element.textContent = text;
    Object.assign(element, properties || {});
    return element;
  }

  function label(facet, value) {
    var words = (archive.labels[facet] || {})[value] || value;
    return words.charAt(0).toUpperCase() + words.slice(1);
  }

  /* The state is what the address says, nothing else. */
  function state() {
    var query = new URLSearchParams(location.search), filters = {};
    FACETS.forEach(function (facet) {
      var values = query.getAll(facet[0]);
      if (values.length) filters[facet[0]] = values;
    });
    return {
      q: query.get("q") || "", filters: filters, since: day(query.get("since")), until: day(query.get("until")),
      sort: ["newest", "oldest"].indexOf(query.get("sort")) >= 0 ? query.get("sort") : "relevance",
      exact: query.get("exact") === "1", page: Math.max(1, parseInt(query.get("page"), 10) || 1),
    };
  }

  function day(text) { return /^\d{4}-\d{2}-\d{2}$/.test(text || "") ? text : ""; }

  function address(now) {
    var query = new URLSearchParams();
    if (now.q) query.set("q", now.q);
    FACETS.forEach(function (facet) { (now.filters[facet[0]] || []).forEach(function (value) { query.append(facet[0], value); }); });
    if (now.since) query.set("since", now.since);
    if (now.until) query.set("until", now.until);
    if (now.sort !== "relevance") query.set("sort", now.sort);
    if (now.exact) query.set("exact", "1");
    if (now.page > 1) query.set("page", String(now.page));
    var told = query.toString();
    return location.pathname + (told ? "?" + told : "?q=");
  }

  function go(now, focus) {
    history.pushState(null, "", address(now));
    show(focus);
  }

  function show(focus) {
    var now = state();
    at("q").value = now.q;
    at("since").value = now.since;
    at("until").value = now.until;
    at("sort").value = now.sort;
    at("exact").checked = now.exact;
    var empty = !location.search;
    document.title = (now.q ? now.q + " – " : "") + document.title.replace(/^.* – (Search – )/, "$1");
    if (disk && !archive.offline) {
      said("These pages were opened from a disk and hold " + archive.items.toLocaleString("en-GB") +
        " items: too many to search without a web server. Browse by meeting, body, topic or decision, or run “minutes serve”.");
      return;
    }
    if (empty) {
      engine.open().catch(function () {});
      return;
    }
    run(now, ++asked, focus).catch(function (error) {
      at("status").textContent = "";
      said("The search could not be loaded (" + error.message + "). Every item can be reached by meeting, body, topic and decision.");
    });
  }

  function said(text) {
    at("said").textContent = text;
    at("said").hidden = false;
  }

  function run(now, number, focus) {
    at("status").textContent = "Searching …";
    return engine.stems(reader.wordsOf(now.q)).then(function (stems) { return answer(now, reader.read(now.q, stems), number, focus); });
  }

  function answer(now, query, number, focus) {
    var wider = now.exact ? null : query.wider;
    return (now.since || now.until ? engine.days() : Promise.resolve(null)).then(function (days) {
      var within = days && days.filter(function (one) {
        return one !== "undated" && (!now.since || one >= now.since) && (!now.until || one <= now.until);
      });
      var request = { words: query.words, wider: wider, phrase: query.phrase, filters: now.filters, days: within };
      return engine.search(request).then(function (answer) {
        var first = (now.page - 1) * PAGE;
        var chosen = now.sort === "relevance"
          ? Promise.all(answer.matches.slice(first, first + PAGE).map(function (one) { return one.load(); }))
          : byDay(request, answer, now.sort, first);
        return chosen.then(function (documents) {
          if (number !== asked) return;
          draw(now, query, answer, documents, focus);
        });
      });
    });
  }

  /* Sorted by day: the counts of days tell which days the page holds; only their items are loaded. */
  function byDay(request, answer, sort, first) {
    var counts = answer.counts.day || {}, before = 0, needed = [];
    var days = Object.keys(counts).filter(function (one) { return counts[one] > 0; }).sort();
    if (sort === "newest") days.reverse();
    days = days.filter(function (one) { return one !== "undated"; }).concat(counts.undated ? ["undated"] : []);
    var skipped = 0;
    days.forEach(function (one) {
      if (before + counts[one] > first && before < first + PAGE) needed.push(one);
      else if (before + counts[one] <= first) skipped = before + counts[one];
      before += counts[one];
    });
    return engine.search(Object.assign({}, request, { days: needed })).then(function (found) {
      return Promise.all(found.matches.map(function (one) { return one.load(); }));
    }).then(function (documents) {
      documents.sort(function (one, two) {
        var a = days.indexOf(one.facets.day[0]), b = days.indexOf(two.facets.day[0]);
        return a - b || (one.facets.body[0] + one.order < two.facets.body[0] + two.order ? -1 : 1);
      });
      return documents.slice(first - skipped, first - skipped + PAGE);
    });
  }

  function draw(now, query, answer, documents, focus) {
    var total = answer.matches.length, pages = Math.max(1, Math.ceil(total / PAGE));
    var words = total === 1 ? "1 item found" : total.toLocaleString("en-GB") + " items found";
    if (!total) words = "Nothing was found";
    at("status").textContent = words + (pages > 1 ? ", page " + now.page + " of " + pages : "") + ".";
    at("answer").hidden = false;
    at("said").hidden = true;
    var related = at("related");
    related.hidden = now.exact || !query.related.length;
    related.textContent = "Related words were searched too: " + query.related.slice(0, 12).join(", ") + (query.related.length > 12 ? " …" : ".");
    at("results").replaceChildren.apply(at("results"), documents.map(function (one) { return result(one, query, now); }));
    drawChosen(now);
    drawFacets(now, answer.counts);
    at("pager").hidden = pages < 2;
    at("where").textContent = "Page " + now.page + " of " + pages;
    at("earlier").disabled = now.page <= 1;
    at("later").disabled = now.page >= pages;
    if (focus) at(focus).focus();
  }

  function result(one, query, now) {
    var item = make("li"), heading = make("h3"), link = make("a", "", { href: one.url });
    marked(link, one.title, query, now);
    heading.append(link);
    item.append(heading);
    item.append(make("p", one.facets.body[0] + " · " + dayWords(one.facets.day[0]), { className: "meta" }));
    var quote = make("blockquote");
    if (passage(quote, one.text, query, now)) item.append(quote);
    var tags = make("ul", "", { className: "tags" });
    tags.setAttribute("aria-label", "Decision, restriction and topics");
    [["decision", "outcome"], ["restriction", "restricted"], ["topic", ""]].forEach(function (pair) {
      (one.facets[pair[0]] || []).forEach(function (value) {
        var words = (archive.labels[pair[0]] || {})[value] || value;
        if (value !== "open" || pair[0] !== "restriction") tags.append(make("li", words, { className: pair[1] }));
      });
    });
    if (tags.children.length) item.append(tags);
    return item;
  }

  function dayWords(day) {
    var options = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
    return day === "undated" ? day : new Date(day + "T00:00:00Z").toLocaleDateString("en-GB", options);
  }

  /* Where the words of the query stand in a text: whole words, whatever their ending, and compounds written in two. */
  function hits(text, query, now) {
    var parts = minutesFolding.parts(text), wanted = new Set(query.words.map(root));
    var labels = now.exact ? [] : query.related.map(function (one) { return one.split(" ").map(root).join(""); });
    var found = [], known = new Set(labels);
    parts.forEach(function (part, n) {
      var run = "";
      for (var m = n; m < Math.min(parts.length, n + 4); m++) {
        run += root(parts[m].word);
        var whole = m === n ? "" : parts.slice(n, m + 1).map(function (one) { return one.word; }).join("");
        if (known.has(run) || (m === n && wanted.has(run)) || (m === n + 1 && wanted.has(root(whole)))) {
          found.push([part.start, parts[m].end]);
        }
      }
    });
    return found;
  }

  function root(word) {
    var one = minutesFolding.singular(word);
    return one.length > 4 ? one.replace(/(?:ing|ed|e)$/, "") : one;
  }

  function marked(element, text, query, now, offset) {
    var end = 0;
    hits(text, query, now).forEach(function (span) {
      if (span[0] < end) return;
      element.append(text.slice(end, span[0]), make("mark", text.slice(span[0], span[1])));
      end = span[1];
    });
    element.append(text.slice(end));
    return end > 0;
  }

  /* About three lines around the place where most of the words stand together. */
  function passage(element, text, query, now) {
    if (!text.trim()) return false;
    var found = hits(text, query, now), best = 0, most = -1;
    found.forEach(function (span) {
      var near = found.filter(function (other) { return other[0] >= span[0] && other[0] < span[0] + 220; }).length;
      if (near > most) { most = near; best = span[0]; }
    });
    var start = Math.max(0, best - 60), end = Math.min(text.length, start + 300);
    if (start > 0) start = text.indexOf(" ", start) + 1;
    if (end < text.length) end = Math.max(start, text.lastIndexOf(" ", end));
    element.append(start > 0 ? "… " : "");
    marked(element, text.slice(start, end), query, now);
    element.append(end < text.length ? " …" : "");
    return true;
  }

  function drawChosen(now) {
    var list = at("chosen");
    list.replaceChildren();
    FACETS.forEach(function (facet) {
      (now.filters[facet[0]] || []).forEach(function (value) {
        var button = make("button", facet[1] + ": " + label(facet[0], value) + " ✕", { type: "button" });
        button.setAttribute("aria-label", "Remove the filter " + facet[1] + ": " + label(facet[0], value));
        button.addEventListener("click", function () { toggle(facet[0], value, false, "results-heading"); });
        var item = make("li");
        item.append(button);
        list.append(item);
      });
    });
    list.hidden = !list.children.length;
  }

  function drawFacets(now, counts) {
    var kept = document.activeElement && document.activeElement.id;
    var sets = FACETS.map(function (facet) { return facetSet(facet, now.filters[facet[0]] || [], counts[facet[0]] || {}); });
    at("facets").replaceChildren.apply(at("facets"), sets.filter(Boolean));
    if (kept && at(kept)) at(kept).focus();
  }

  function facetSet(facet, chosen, counts) {
    var values = Object.keys(counts).filter(function (one) { return counts[one] || chosen.indexOf(one) >= 0; });
    chosen.forEach(function (one) { if (values.indexOf(one) < 0) values.push(one); });
    if (!values.length || (facet[0] === "council" && values.length < 2)) return null;
    values.sort(function (one, two) {
      if (facet[0] === "year") return one < two ? 1 : -1;
      return (counts[two] || 0) - (counts[one] || 0) || (one < two ? -1 : 1);
    });
    var set = make("fieldset", "", { className: "facet" });
    set.append(make("legend", facet[1]));
    var boxes = values.map(function (value, n) { return box(facet[0], value, n, counts[value] || 0, chosen.indexOf(value) >= 0); });
    set.append.apply(set, boxes.slice(0, MOST_VALUES));
    if (boxes.length > MOST_VALUES) {
      var more = make("details");
      more.append(make("summary", (boxes.length - MOST_VALUES) + " more"));
      more.append.apply(more, boxes.slice(MOST_VALUES));
      more.open = values.slice(MOST_VALUES).some(function (one) { return chosen.indexOf(one) >= 0; });
      set.append(more);
    }
    return set;
  }

  function box(name, value, number, count, checked) {
    var line = make("label"), input = make("input", "", { type: "checkbox", name: name, value: value, checked: checked });
    // Named by its value: after the list was drawn anew the focus goes back to it.
    input.id = "facet-" + name + "-" + encodeURIComponent(value);
    input.addEventListener("change", function () { toggle(name, value, input.checked); });
    line.append(input, make("span", label(name, value)), make("span", count.toLocaleString("en-GB")));
    return line;
  }

  function toggle(name, value, on, focus) {
    var now = state(), values = (now.filters[name] || []).filter(function (one) { return one !== value; });
    now.filters[name] = on ? values.concat([value]) : values;
    now.page = 1;
    go(now, focus);
  }

  function fromForm() {
    var now = state();
    now.q = at("q").value.trim();
    now.since = day(at("since").value);
    now.until = day(at("until").value);
    now.sort = at("sort").value;
    now.exact = at("exact").checked;
    now.page = 1;
    return now;
  }

  at("search-form").addEventListener("submit", function (event) {
    event.preventDefault();
    go(fromForm());
  });
  at("facets").addEventListener("submit", function (event) { event.preventDefault(); });
  ["sort", "exact", "since", "until"].forEach(function (id) {
    at(id).addEventListener("change", function () { if (location.search) go(fromForm()); });
  });
  at("earlier").addEventListener("click", function () { turn(-1); });
  at("later").addEventListener("click", function () { turn(1); });
  function turn(by) {
    var now = state();
    now.page += by;
    go(now, "results-heading");
  }
  window.addEventListener("popstate", function () { show(); });
  show();
})();
