/* The two engines behind the search page: Pagefind on a web server, MiniSearch where the pages were opened from a disk.
   Both answer a query with the matches in order, the counts of every facet over all of them, and one match in full on request. */
"use strict";

var minutesEngines = (function () {
  /* Pagefind waits for ever for an index that does not come; milliseconds. */
  var PATIENCE = 60000;
  var NOTHING = { results: [], filters: {} };
  var LETTERS = "abcdefghij";

  /** A term as the bundles have it (export/site/bundle.py). */
  function written(term) {
    return term.replace(/[0-9]/g, function (digit) { return "q" + LETTERS[digit]; }).replace(/\//g, "qx") + "zq";
  }

  /** "root" is the way from the page to the site's folder. */
  function onServer(archive, root) {
    var base = new URL(root + "search/", document.baseURI).href;
    var bundles = null, lists = {};

    /* All bundles as one: the latest year's program opens the others as well. */
    function open() {
      if (!bundles) {
        var folders = archive.years.map(function (year) { return base + year + "/"; });
        bundles = import(folders[0] + "pagefind.js").then(function (module) {
          var all = module.createInstance({ basePath: folders[0], baseUrl: "/", noWorker: true });
          return Promise.all(folders.slice(1).map(function (folder) { return all.mergeIndex(folder, { baseUrl: "/" }); }))
            .then(function () { return all.filters(); })
            .then(function (filters) { return { all: all, filters: filters }; });
        });
        bundles = Promise.race([bundles, new Promise(function (_, reject) {
          setTimeout(function () { reject(new Error("the index did not come")); }, PATIENCE);
        })]);
        bundles.catch(function () { bundles = null; });
      }
      return bundles;
    }

    /** What the bundles answer. Pagefind passes over a word that a bundle does not have: so the years that lack one are left out. */
    function ask(words, filters, phrase) {
      var terms = words.map(function (word) { return written(word.stem); }).join(" ");
      var years = archive.years.filter(function (year, number) {
        var bit = BigInt(archive.years.length - 1 - number);
        return (!filters.year || filters.year.any.indexOf(year) >= 0) && words.every(function (word) { return (word.years >> bit) & 1n; });
      });
      if (!years.length) return Promise.resolve(NOTHING);
      var within = years.length < archive.years.length ? Object.assign({}, filters, { year: { any: years } }) : filters;
      return open().then(function (bundles) {
        return bundles.all.search(phrase ? '"' + terms + '"' : terms || null, { filters: within });
      });
    }

    /** The stem of each word and the years that have it, from the list of the letter that it begins with. */
    function stemmed(words) {
      return Promise.all(words.map(function (word) {
        var letter = /^[a-z]/.test(word) ? word[0] : "0";
        lists[letter] = lists[letter] || fetch(base + "stems-" + letter + ".json").then(function (answer) {
          if (!answer.ok) throw new Error("stems-" + letter + ".json");
          return answer.json();
        });
        return lists[letter].then(function (list) {
          var known = Object.prototype.hasOwnProperty.call(list, word) ? list[word] : [word, "0"];
          return { stem: known[0], years: BigInt("0x" + known[1]) };
        });
      }));
    }

    function stems(words) {
      return stemmed(words).then(function (found) {
        return new Map(found.map(function (one, n) { return [words[n], one.years ? one.stem : ""]; }));
      });
    }

    /** The answers of the bundles as one; what either of two queries finds is counted as both, less what both find. */
    function search(query) {
      var filters = {};
      Object.keys(query.filters).forEach(function (name) { filters[name] = { any: query.filters[name] }; });
      if (query.days) filters.day = { any: query.days.length ? query.days : ["none"] };
      return Promise.all([stemmed(query.words), stemmed(query.wider || [])]).then(function (words) {
        if (!query.wider) return ask(words[0], filters, query.phrase).then(function (one) { return union(one, NOTHING, NOTHING); });
        return Promise.all([ask(words[0], filters), ask(words[1], filters), ask(words[0].concat(words[1]), filters)]).then(function (answers) {
          return union(answers[0], answers[1], answers[2]);
        });
      });
    }

    /** The matches of the first answer, then those that only the second has. */
    function union(first, second, both) {
      var found = [], seen = new Set(), counts = {};
      [first, second].forEach(function (answer) {
        answer.results.forEach(function (match) {
          if (seen.has(match.id)) return;
          seen.add(match.id);
          found.push({ id: match.id, load: load.bind(null, match) });
        });
        add(counts, answer.filters, 1);
      });
      add(counts, both.filters, -1);
      return { matches: found, counts: counts };
    }

    function add(counts, more, sign) {
      Object.keys(more || {}).forEach(function (name) {
        counts[name] = counts[name] || {};
        Object.keys(more[name]).forEach(function (value) {
          counts[name][value] = (counts[name][value] || 0) + sign * more[name][value];
        });
      });
    }

    /* What is shown of a match is taken from its own page. */
    function load(match) {
      return match.data().then(function (told) {
        var url = told.raw_url.replace(/^\//, "");
        return fetch(root + url).then(function (answer) {
          if (!answer.ok) throw new Error(url);
          return answer.text();
        }).then(function (html) {
          var page = new DOMParser().parseFromString(html, "text/html");
          page.querySelectorAll("sup").forEach(function (one) { one.remove(); });
          var text = Array.from(page.querySelectorAll(".reading p, .reading td, .documents li")).map(function (one) { return one.textContent; });
          return { url: url, title: page.querySelector("h1").textContent, order: told.meta.order, facets: told.filters, text: text.join("\n\n") };
        });
      });
    }

    function days() {
      return open().then(function (bundles) { return Object.keys(bundles.filters.day || {}); });
    }

    return { open: open, stems: stems, search: search, days: days };
  }

  function fromDisk(archive, root) {
    var years = null, opened = [];

    function script(path) {
      return new Promise(function (resolve, reject) {
        var element = document.createElement("script");
        element.src = root + path;
        element.onload = resolve;
        element.onerror = function () { reject(new Error(path)); };
        document.head.appendChild(element);
      });
    }

    window.minutesYear = function (told) {
      var index = MiniSearch.loadJS(told[1], {
        fields: ["title", "text", "extra"], tokenize: function (text) { return text.split(" "); },
        processTerm: function (term) { return term; },
      });
      opened.push({ year: told[0], index: index, stems: new Map(Object.entries(told[2])), documents: told[3] });
    };

    function open() {
      if (!years) {
        years = script("assets/minisearch.js").then(function () {
          return Promise.all(archive.years.map(function (year) { return script("search/offline-" + year + ".js"); }));
        }).then(function () {
          opened.sort(function (one, two) { return archive.years.indexOf(one.year) - archive.years.indexOf(two.year); });
          return opened;
        });
      }
      return years;
    }

    /** The stem of each word in any year; a word that is its own stem stands in no list. */
    function stems(words) {
      return open().then(function (all) {
        return new Map(words.map(function (word) {
          var known = all.filter(function (year) { return year.stems.has(word); })[0];
          return [word, known ? known.stems.get(word) : ""];
        }));
      });
    }

    function matchesOf(year, words, phrase) {
      if (!words.length) return year.documents.map(function (_, number) { return { id: number, score: 0 }; });
      var stems = words.map(function (word) { return year.stems.get(word) || word; });
      var found = year.index.search(stems.join(" "), { combineWith: "AND", boost: { title: 3, extra: 0.5 } });
      return phrase ? found.filter(function (one) { return holds(year.documents[one.id], phrase); }) : found;
    }

    function holds(document, phrase) {
      var sought = " " + phrase.join(" ") + " ";
      return [document[1], document[4]].some(function (text) {
        return (" " + minutesFolding.parts(text).map(function (part) { return part.word; }).join(" ") + " ").indexOf(sought) >= 0;
      });
    }

    function passes(facets, query) {
      if (query.days && query.days.indexOf(facets.day[0]) < 0) return false;
      return Object.keys(query.filters).every(function (name) {
        return query.filters[name].some(function (value) { return (facets[name] || []).indexOf(value) >= 0; });
      });
    }

    function search(query) {
      return open().then(function (all) {
        var found = [], seen = new Set(), counts = {};
        (query.phrase ? [query.phrase] : [query.words, query.wider]).filter(Boolean).forEach(function (words) {
          var matches = [];
          all.forEach(function (year) {
            matchesOf(year, words, query.phrase).forEach(function (one) {
              var document = year.documents[one.id];
              if (passes(document[3], query)) matches.push({ document: document, score: one.score });
            });
          });
          matches.sort(function (one, two) { return two.score - one.score; });
          matches.forEach(function (match) {
            var document = match.document;
            if (seen.has(document[0])) return;
            seen.add(document[0]);
            Object.keys(document[3]).forEach(function (name) {
              counts[name] = counts[name] || {};
              document[3][name].forEach(function (value) { counts[name][value] = (counts[name][value] || 0) + 1; });
            });
            found.push({ id: document[0], load: function () {
              return Promise.resolve({ url: document[0], title: document[1], order: String(document[2]).padStart(5, "0"), facets: document[3], text: document[4] });
            } });
          });
        });
        return { matches: found, counts: counts };
      });
    }

    function days() {
      return open().then(function (all) {
        var found = new Set();
        all.forEach(function (year) { year.documents.forEach(function (one) { found.add(one[3].day[0]); }); });
        return Array.from(found);
      });
    }

    return { open: open, stems: stems, search: search, days: days };
  }

  return { onServer: onServer, fromDisk: fromDisk };
})();
