"""Decisions: the types of an item's outcome and the exact words they rest on.

Only decision text and minutes text are read, never the agenda: what was to be resolved is no outcome.
First the resolutions are read point by point, then what is told outside them ("The report was noted.").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from minutes_archive.annotate.narrative import outcomes_by_default, outcomes_told
from minutes_archive.annotate.points import Outcome, bare_resolutions, outcomes_of, up_to_reasons
from minutes_archive.annotate.resolutions import carried, find_resolutions
from minutes_archive.annotate.sentences import Line, lines_of, quoted_spans
from minutes_archive.model import Decision, Evidence, Item, Problem, Span, TextField
from minutes_archive.text import plain_marks

# Paragraphs that close a text without being its last word on the matter.
_CLOSING = re.compile(
    r"(?:the meeting (?:closed|ended|finished)|there being no|voting\b|proposed\b|moved\b|\(?for[: ]|vote\b)", re.IGNORECASE
)
_CALL_IN = re.compile(r"\bcall(?:ed)?[- ]in\b|\bcalled (?:the|this|that|its|a) (?:\w+ ){0,3}?in\b", re.IGNORECASE)
# What leaves a decision that was called in as it was.
_TAKES_EFFECT = re.compile(
    r"\bdecision\b[^.;]{0,60}\b(?:take|takes|took|taking) (?:immediate )?effect\b|"
    r"\bno (?:further )?(?:action|advice|comment|recommendation)s?\b|"
    r"\bnot (?:to )?(?:be )?refer(?:red)?\b", re.IGNORECASE,
)
_FATES = frozenset({"approved", "referred", "refused", "recommended", "deferred", "withdrawn"})
# Titles under which another authority's decisions are told.
_DECISIONS_TOLD = re.compile(
    r"\bplanning decisions?\b|\bnotices? of decisions?\b|"
    r"\bdecisions (?:received|notified|of (?:the )?(?:planning|local planning|borough|district|county))|"
    r"\bappeal decisions\b|\bdecision notices\b", re.IGNORECASE,
)
# Titles under which a parish comments on applications that another authority decides.
_APPLICATIONS = re.compile(
    r"\bplanning (?:applications|matters|consultations?|permissions)\b|\bapplications (?:for comment|received|considered)\b|"
    r"^[\d. ]{0,8}planning$",
    re.IGNORECASE,
)
# The rules that may know no more than what others decided: "No. 4, extension, approved".
_TOLD_OF_OTHERS = ("within", "verdict", "done", "motion-carried")
# Within such an item: what the planning authority decided, and the heading below which its decisions stand.
_PERMISSION_TOLD = re.compile(
    r"\W*(?:(?:planning |listed building )?(?:permission|consent|approval) )?"
    r"(?:(?:is|was|has been) )?(?:granted|permitted)\b(?! to )",
    re.IGNORECASE,
)
_DECISIONS_BELOW = re.compile(
    r"^[^\w\n]{0,8}(?:(?:notices? of )?(?:planning )?decisions?(?: notices?| received| notified)?|"
    r"(?:approved|granted|permitted|refused) by (?:the )?(?:borough|district|county|city|planning)\b[^.\n]{0,30})[^\w\n]{0,8}$",
    re.IGNORECASE | re.MULTILINE,
)
_ONE_APPLICATION = re.compile(r"\d{2,4}/\d{3,5}|[A-Z]/\d\d/")
_COMMENT = re.compile(
    r"(?:^|[:.;-]\s+)(?:approve|refuse)\W*$|"
    r"(?:^|[:.;-]\s+)(?:no (?:objections?|comments?)|object(?:s|ion|ed)?|supports?|supported|neutral)\b|"
    r"\b(?:recommends?|recommended) (?:approval|refusal)\b|\bnot content\b|"
    r"\bthe (?:parish )?council (?:supports|objects|has no objection)|\b(?:approval|refusal) recommended\b|"
    r"\bwish(?:es|ed)? to (?:object|support)\b|\b(?:permission|approval|refusal) (?:be )?recommended\b|"
    r"\b(?:was|were|is|are) (?:supported|opposed|objected to) by (?:the )?(?:parish |town |community )?"
    r"(?:council|councillors|members)\b|"
    r"\b(?:agreed|with|had|have|making|made|raised|submitted|offered) no (?:objections?|comments?|observations?)\b|"
    r"\bvot(?:ed|e) [^.;]{0,30}?to (?:object|support)\b|[\w)] ?[-–:]? ?support[.;]?$|"
    r"\bthere (?:were|was|are|is) no objections?\b|[,-] no (?:objections?|obj\b|comments?)\.?$|"
    r"\b(?:cllrs|councillors|members|all) (?:were |are )?in (?:support|favour)\b|"
    r"\b(?:bring|brought|draw|drew) (?:to )?[^.;]{0,60}?\battention\b|"
    r"\b(?-i:[A-Z]{2,4}) (?:also )?(?:recommends?|supports?|objects?)\b|"
    r"\bask(?:s|ed)? (?:that|for) (?:this|the) application (?:should |to |would )?(?:be |go |come )?"
    r"(?:called in|before|heard|referred|considered|determined|decided)\b|"
    # Here "approved" is what the parish thinks of it, unless permission is told.
    r"^approved by (?:the )?(?:parish|town|community|council|members)\b|"
    r"(?<!permission )(?<!consent )(?<!been )\b(?:agreed|approved)[.;]?$",
    re.IGNORECASE,
)
_ELECTION = re.compile(
    r"\b(?:election|appointment|nomination|co-?option)s?\b"
    r"(?! (?:process|panel|reform|expenses|of (?:a |an )?(?:contractor|consultant))\b)|"
    r"\brepresentatives? (?:on|to)\b|^representatives?$|\bcommittees? to be set up\b|\bmembership of\b|"
    r"\b(?:outside|other) bodies\b|\b(?:vice-?|deputy )?(?:chair(?:man|person)?|mayor)$",
    re.IGNORECASE,
)
# "AGREED.", "These were agreed en bloc.", "Agreed that he should.": whatever was put.
_BARE = re.compile(
    r"\W*(?:(?:this|these|they|all|the following|(?:the )?(?:nominations?|appointments?|list|names)) )?"
    r"(?:(?:was|were) )?(?:unanimously |duly )?"
    r"(?:agreed|approved|resolved|carried|confirmed|accepted)"
    r"(?: (?:unanimously|en bloc|accordingly|by all|that (?:he|she|they) should))?\W*",
    re.IGNORECASE,
)
# "There being no other nominations it was agreed", "Mr A proposed Mr B, seconded by Mrs C, all agreed", "that B is elected as".
_NAME_AGREED = (
    re.compile(
        r"there (?:being|were) no other [^.;]{1,60}?\bit was (?:\w{2,20} )?(?:agreed|resolved|carried)\W{0,4}$", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:propos\w{1,4}|nominat\w{1,4}|put forward)\b(?!(?: \S{1,20}){0,6} that\b)[^;]{1,80}?\bsecond\w{0,4}\b[^;]{1,60}?"
        r"\b(?:agreed|carried|approved|in favour|by all)\W{0,4}$", re.IGNORECASE,
    ),
    re.compile(r"\b(?:is|be|was) (?:duly )?(?:re-?)?(?:elected|appointed|co-?opted) (?:as|to)\b", re.IGNORECASE),
)
_MINUTES = re.compile(r"\b(?:confirm|approve|adopt|agree|sign)(?:ing|ation of|al of)?\b[^.;]{0,30}\bminutes\b", re.IGNORECASE)
# Replies to questions tell what was decided elsewhere, or long ago.
_QUESTION = re.compile(r"^\W*questions? (?:submitted|put|asked|tabled|from|by)\b", re.IGNORECASE)
_IN_SO_MANY_WORDS = frozenset({"resolved", "agreed", "it-was-agreed", "motion-carried", "motion-lost", "resolved-as-a-heading"})
# What is agreed on the order of business says nothing of the item's own matter.
_ORDER_OF_BUSINESS = re.compile(
    r"\b(?:agreed|resolved|decided)\b[^.;]{0,60}?"
    r"\b(?:take|taken|move|moved|bring|brought|discuss(?:ed)?|consider(?:ed)?|dealt? with|hear|heard|proceed)\b[^.;]{0,80}? "
    r"(?:at this (?:point|stage|juncture)|later (?:in|on in|during) (?:the|this) (?:meeting|agenda|evening)|"
    r"(?:up|earlier (?:in|on)|forward (?:in|on)) the agenda|out of (?:order|sequence)|next(?=[.;]|$))",
    re.IGNORECASE,
)
# Titles under which payments are proposed, seconded and taken as approved.
_PAYMENTS = re.compile(r"\b(?:payments?|accounts?|cheques|invoices|bills)\b", re.IGNORECASE)
# Business of form that a vote decides nothing about.
_FORMAL = frozenset({"apologies", "declarations", "order_of_business", "next_meeting", "readmission"})
# What may stand beside an outcome and is none on its own.
_BESIDE = frozenset({"action", "amended"})
# What a carried motion is under a title of some kind; elsewhere an approval.
_CARRIED = {"minutes": "minutes_confirmed", "election": "appointed"}
_COMMENT_AGREED = re.compile(r"\bcomments? (?:was|were|be|is) (?:agreed|approved|made|submitted)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Context:
    """What of the item's head bears on the reading of its texts.

    ``kind`` is the procedural kind, else "election" or "payments" where the title announces such, "" where it is none.
    """

    title: str = ""
    kind: str = ""


def annotate_decisions(item: Item, kind: str, has_children: bool = False) -> tuple[Item, tuple[Problem, ...]]:
    """``item`` with its decisions and their evidence, and what reads oddly in them.

    ``kind`` is the item's procedural kind ("" for none); ``has_children`` tells that its sub-items were taken apart.
    """
    context = Context(item.title, kind or _kind_of(item.title))
    outcomes = _outcomes(item, context)
    if not (outcomes or item.truncated):
        outcomes = _by_vote(item, context.kind)
    if not outcomes:
        return replace(item, decisions=(Decision(_without_words(item, has_children)),)), ()
    decisions, evidence = [], []
    for name, outcome in outcomes:
        span = outcome.span
        words = item.text_of(name)[span.start:span.end]
        decisions.append(Decision(outcome.type, words, name, span.start, span.end))
        evidence.append(Evidence(f"decision:{outcome.type}", name, span.start, span.end, words, outcome.rule))
    marked = replace(item, decisions=tuple(decisions), evidence=(*item.evidence, *evidence))
    return marked, tuple(_problems(marked, outcomes))


def _kind_of(title: str) -> str:
    """What a title that is no business of form announces all the same."""
    if _MINUTES.search(title):
        return "minutes"
    return "election" if _ELECTION.search(title) else "payments" if _PAYMENTS.search(title) else ""


def types_of(item: Item) -> frozenset[str]:
    """The set of decision types of an annotated item."""
    return frozenset(decision.type for decision in item.decisions)


def _outcomes(item: Item, context: Context) -> list[tuple[TextField, Outcome]]:
    """The outcomes of both texts; what the decision text already says, the minutes text does not say again."""
    decision_cut = item.truncated and not item.minutes_text
    if item.truncated and (decision_cut or not item.decision_text):
        return []
    found: list[tuple[TextField, Outcome]] = []
    if item.decision_text:
        found += [("decision_text", outcome) for outcome in decide(item.decision_text, context, bare=True)]
    known = {outcome.type for _, outcome in found}
    found += [("minutes_text", o) for o in decide(item.minutes_text, context) if o.type not in known]
    return found


def _by_vote(item: Item, kind: str) -> list[tuple[TextField, Outcome]]:
    """What the last vote decided, where no words say so: the motion was carried, or it was lost."""
    told = [(vote, one) for at, vote in enumerate(item.votes) for one in item.evidence if one.about == f"vote:{at}"]
    if not told or kind in _FORMAL or told[-1][0].result is None:
        return []
    vote, words = told[-1]
    if vote.result == "lost" and vote.in_favour is not None and vote.in_favour == vote.against:
        return []
    type_ = "refused" if vote.result == "lost" else _CARRIED.get(kind, "approved")
    return [(words.field, Outcome(type_, Span(words.start, words.end), "by-vote"))]


def _without_words(item: Item, has_children: bool) -> str:
    if item.truncated:
        return "unknown"
    return "none" if item.minutes_text or item.decision_text or has_children else "unknown"


def _problems(item: Item, outcomes: Sequence[tuple[TextField, Outcome]]) -> Iterator[Problem]:
    for name, outcome in outcomes:
        if outcome.typo:
            words = item.text_of(name)[outcome.span.start:outcome.span.end]
            yield Problem("typo_outcome", "info", item.id, f"read as {outcome.type} in spite of a slip of the pen: {words[:120]}")
    types = types_of(item)
    in_part = any(" in part" in decision.text for decision in item.decisions)
    if {"approved", "refused"} <= types and not in_part:
        yield Problem("conflicting_outcomes", "info", item.id, "both an approval and a refusal were found; look at its text")


def decide(text: str, context: Context = Context(), bare: bool = False) -> list[Outcome]:
    """The outcomes that ``text`` tells, in order. ``bare``: a decision text, which may do without "RESOLVED"."""
    plain = plain_marks(text)
    lines = up_to_reasons(lines_of(text)) if bare else lines_of(text)
    if not lines:
        return []
    quotes = quoted_spans(plain)
    last = max((line.paragraph for line in lines if not (line.is_row or _CLOSING.match(line.text))), default=0)
    resolutions = carried(find_resolutions(lines, quotes, last), lines)
    if bare and not resolutions:
        resolutions = bare_resolutions(lines)
    outcomes = [outcome for resolution in resolutions for outcome in outcomes_of(resolution)]
    outcomes += outcomes_told(plain, lines, quotes, last, resolutions, context.kind)
    outcomes += _comments(lines, context)
    if all(outcome.type in _BESIDE for outcome in outcomes):
        outcomes += outcomes_by_default(plain, lines, quotes, context.kind, alone=not outcomes)
    if not bare and all(outcome.type in _BESIDE for outcome in outcomes):
        wishes = bare_resolutions([line for line in lines if not line.mark])
        told = [outcome for resolution in wishes for outcome in outcomes_of(resolution)]
        outcomes += [outcome for outcome in told if not outcomes or outcome.rule != "decision-text"]
    if _CALL_IN.search(context.title):
        outcomes += _called_in(plain, lines, {outcome.type for outcome in outcomes})
    return _unique(_in_context(outcomes, context, plain))


def _unique(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """One outcome per type and place, in the order of the text."""
    seen: dict[tuple[str, int, int], Outcome] = {}
    for outcome in outcomes:
        seen.setdefault((outcome.type, outcome.span.start, outcome.span.end), outcome)
    return sorted(seen.values(), key=lambda outcome: (outcome.span.start, outcome.span.end))


def _in_context(outcomes: list[Outcome], context: Context, plain: str) -> list[Outcome]:
    """``outcomes`` as the item's title makes them read: what is agreed under the minutes is the minutes."""
    if _DECISIONS_TOLD.search(context.title):
        outcomes = [o for o in outcomes if o.type not in {"approved", "refused"} or not o.rule.endswith(_TOLD_OF_OTHERS)]
    if _QUESTION.search(context.title):
        outcomes = [o for o in outcomes if o.type not in {"approved", "refused"} or o.rule in _IN_SO_MANY_WORDS]
    if _APPLICATIONS.search(context.title) or _ONE_APPLICATION.search(context.title):
        outcomes = list(_without_news(outcomes, context, plain))
    if context.kind not in {"order_of_business", "exclusion"}:
        outcomes = [o for o in outcomes if o.type != "approved" or not _ORDER_OF_BUSINESS.search(plain, o.span.start, o.span.end)]
    if context.kind == "minutes":
        return [replace(o, type="minutes_confirmed") if o.type == "approved" else o for o in outcomes]
    if context.kind == "election":
        bare = [
            o.type == "approved" and (o.rule == "motion-carried" or _is_bare(plain[o.span.start:o.span.end]))
            for o in outcomes
        ]
        return [replace(o, type="appointed") if alone else o for o, alone in zip(outcomes, bare, strict=True)]
    if context.kind == "exclusion":
        return [replace(o, type="public_excluded") if o.type == "approved" else o for o in outcomes]
    return outcomes


def _is_bare(words: str) -> bool:
    """Whether an outcome under the title of an election says no more than that the name was agreed."""
    return _BARE.fullmatch(words) is not None or any(told.search(words) for told in _NAME_AGREED)


def _without_news(outcomes: Sequence[Outcome], context: Context, plain: str) -> Iterator[Outcome]:
    """``outcomes`` under planning applications, without what the planning authority decided."""
    parish = _APPLICATIONS.search(context.title) and not _ONE_APPLICATION.search(context.title)
    commented = parish and any(outcome.rule == "parish-comment" for outcome in outcomes)
    below = _DECISIONS_BELOW.search(plain)
    for outcome in outcomes:
        told = outcome.type in {"approved", "refused"} and outcome.rule.endswith(_TOLD_OF_OTHERS)
        news = below is not None and outcome.span.start >= below.start()
        if not (told and (news or (parish and (commented or _PERMISSION_TOLD.match(plain, outcome.span.start))))):
            yield outcome


def _comments(lines: Sequence[Line], context: Context) -> list[Outcome]:
    """A parish's comments on planning applications are recommendations to the authority that decides."""
    if not _APPLICATIONS.search(context.title) or _ONE_APPLICATION.search(context.title):
        return []
    return [
        Outcome("recommended", Span(line.start, line.end), "parish-comment")
        for line in lines if not line.is_row and (_COMMENT.search(line.text) or _COMMENT_AGREED.search(line.text))
    ]


def _called_in(plain: str, lines: Sequence[Line], known: set[str]) -> list[Outcome]:
    """A call-in that is the item's own business: the first sentence that speaks of it; and that the decision stands, where
    nothing that is ``known`` says otherwise."""
    spans = [span for line in lines for span in line.sentences]
    called = [Outcome("called_in", span, "call-in-considered") for span in spans if _CALL_IN.search(plain, span.start, span.end)]
    stands = [Outcome("approved", span, "decision-stands") for span in spans if _TAKES_EFFECT.search(plain, span.start, span.end)]
    return called[:1] + ([] if known & _FATES else stands[-1:] if called else [])
