"""Lines of UTF-8 that lost bytes: decoded as far as the bytes and the language model say, and weighed against the rest.

Where in a line the damage lies is found as without losses (``stretches``), with U+FFFD for what cannot be read. Then
the decoder follows the bytes of each stretch; where a character lacks bytes, every character that has the others is
tried (``lost_bytes``). A character is filled in where no other is nearly as likely, and stays U+FFFD elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from jiaokan.decoder import Decoder as Search
from jiaokan.decoder import Policy, merge_key
from jiaokan.edits import Edit, Span, apply
from jiaokan.faults.transcoding.acceptance import has_letters, is_language, weight
from jiaokan.faults.transcoding.channels import CHANNELS, EURO, Chain, Channel, Decoder
from jiaokan.faults.transcoding.hypotheses import Hypothesis
from jiaokan.faults.transcoding.lost_bytes import (
    MOST_TOGETHER,
    Candidates,
    HoledLine,
    candidate_characters,
    groups,
    share,
    to_holed_line,
    unshown,
)
from jiaokan.faults.transcoding.signs import pattern
from jiaokan.faults.transcoding.stretches import AMID, LOST, lossy_stretches, proof
from jiaokan.lexicon.hanzi import HAN_CLASS, HANGUL_CLASS, KANA_CLASS
from jiaokan.lexicon.model import START, Context

# log10 by which a character has to be likelier than all others together to be filled in. Of 2,618 that were, in UTF-8
# read as GBK in 13 ways, 15 were wrong, eight of them marks in the end of a line; with 1.4, three in a hundred lines
# more come out exact and one more wrong.
LEAST_MARGIN: Final = 1.8
# Characters before and behind a stretch that are taken into account.
_BEFORE: Final = 12
_BEHIND: Final = 8
# Hypotheses kept at each place, and log10 by which one may fall behind the best.
_WIDTH: Final = 12
_HOPELESS: Final = 4.5
# Less likely ones are no rivals; nor are differences further back than so many characters that lack bytes.
_NO_RIVAL: Final = 1e-4
_LAST: Final = 6
_LOST: Final = "\ufffd"
# A wide blank is met in the beginning of a line; log10 of how much more seldom elsewhere.
_WIDE_BLANK: Final = "\u3000"
_INDENTED: Final = -3.0
# What is known of a character when it is put: it has no rival.
_ALONE: Final = (1.0, 0.0)
# The share of bytes that are characters of UTF-8, nearly whole, from which a decoder is tried; and how many are.
LEAST_SHARE: Final = 0.6
_MOST: Final = 2
# Characters around a sign by which a decoder is judged.
_WINDOW_BEFORE: Final = 6
_WINDOW_BEHIND: Final = 42
_LOSSY: Final = tuple(channel for channel in CHANNELS if channel.written.proves)
# What is left of two characters that lost bytes side by side, in characters.
_CRUMB: Final = 2
_LEFT: Final = re.compile("[\ufffd?\x80-\xff]")
_WIDE: Final = re.compile(f"[{HAN_CLASS}{HANGUL_CLASS}{KANA_CLASS}]")


class LossyFix(NamedTuple):
    """What undoes the damage of a line.

    Attributes:
        edits: located in the line.
        filled: characters that were filled in.
        lost: characters that were left as U+FFFD.
        prior: log10 by which it is likelier than that damage ends amid characters of one kind.
    """

    edits: tuple[Edit, ...]
    filled: int
    lost: int
    prior: float = 0.0


class State(NamedTuple):
    """One hypothesis about the bytes up to a place.

    Attributes:
        at: the place.
        shares: whether the byte here was lost together with the one before.
        price: log10 of how seldom bytes are lost as it takes it, beside the score of the context.
        context: the text so far.
        text: what the stretch says so far.
        fills: where in ``text`` characters were filled in: the byte they begin at, and the place in the text.
        votes: for each such byte, how likely the hypotheses that became this one make its character, and others.
    """

    at: int
    shares: bool
    price: float
    context: Context
    text: str
    fills: tuple[tuple[int, int], ...]
    votes: dict[int, tuple[float, float]]

    @property
    def score(self) -> float:
        """log10 of the probability of the text and of the losses that it takes."""
        return self.context.score + self.price


def has_losses(undone: str) -> bool:
    """Whether a line shows, undone, that something of it was lost."""
    return _LEFT.search(undone) is not None or pattern().search(undone) is not None


def lossy_channels(line: str, found: Iterable[Channel]) -> list[Channel]:
    """The channels from UTF-8 that can have lost bytes in a line, the likeliest first; those ``found`` among them."""
    sign = pattern().search(line)
    at = sign.start() if sign else 0
    window = line[max(0, at - _WINDOW_BEFORE) : at + _WINDOW_BEHIND]
    wide = _WIDE.search(window) is not None
    likely = [
        channel for channel in _LOSSY if channel.read.single != wide and (channel.read is not EURO or "€" in line)
    ]
    shares = {channel: share(window, channel.read) + (channel in found) for channel in likely}
    return sorted((c for c in likely if shares[c] >= LEAST_SHARE), key=lambda c: -shares[c])[:_MOST]


def restored(line: str, decoder: Decoder) -> Iterator[LossyFix]:
    """A line of UTF-8 that was read in another charset, with losses; nothing where nothing reads better undone.

    What is left of a character may look sound by itself. So there is a second answer, if it leaves but crumbs: that all
    of the line was garbled.

    >>> from jiaokan.faults.transcoding.channels import DECODERS
    >>> [each.edits[0].after for each in restored("杩欎釜闂?棰?", DECODERS["GBK"])]
    ['这个问题']
    """
    shown = to_holed_line(line, decoder)
    stretches = lossy_stretches(line, list(groups(line, shown)))
    if stretches:
        yield (first := _restored(line, shown, stretches))
        every = all_of_it(line, stretches)
        if every and [every] != stretches:
            second = _restored(line, shown, [every])
            if len(apply(line, second.edits)) <= len(apply(line, first.edits)):  # crumbs of UTF-8 come to fewer
                yield second._replace(prior=-AMID)


def all_of_it(line: str, stretches: Sequence[Span]) -> Span | None:
    """A line from the first character beyond ASCII to the last, if only crumbs of it are not in stretches.

    >>> all_of_it("int n; 热空调椋", [Span(7, 10)])
    Span(start=7, end=11)
    """
    beyond = [at for at, char in enumerate(line) if not char.isascii()]
    every = Span(min(beyond[0], stretches[0].start), max(beyond[-1] + 1, stretches[-1].end))
    starts = [every.start, *(end for _, end in stretches)]
    ends = [*(start for start, _ in stretches), every.end]
    left = (sum(not char.isascii() for char in line[start:end]) for start, end in zip(starts, ends, strict=True))
    return every if max(left) <= _CRUMB else None


def _restored(line: str, shown: HoledLine, stretches: Sequence[Span]) -> LossyFix:
    """What undoes these stretches of a line."""
    at_byte = {char: byte for byte, char in shown.places.items()}
    edits, filled, lost, done, told = [], 0, 0, 0, ""
    for number, (start, end) in enumerate(stretches):
        told += line[done:start]
        following = stretches[number + 1][0] if number + 1 < len(stretches) else len(line)
        behind = line[end : min(following, end + _BEHIND)]
        state = _best(shown, at_byte[start], at_byte[end], told, behind or "\n")
        text, known = _decided(state)
        filled, lost = filled + known, lost + len(state.fills) - known
        edits.append(Edit.at(start, line[start:end], text))
        told, done = told + text, end
    return LossyFix(tuple(edits), filled, lost)


def _best(shown: HoledLine, start: int, end: int, before: str, behind: str) -> State:
    """The likeliest of all hypotheses about the bytes from ``start`` to ``end``, with its rivals."""
    search = Search(_POLICY)
    search.add(State(start, False, 0.0, START.extend(before[-_BEFORE:]), "", (), {}))
    known: dict[tuple[int, bool], list[Candidates]] = {}

    def moves(state: State) -> Iterator[State]:
        place = state.at, state.shares
        if place not in known:
            known[place] = list(candidate_characters(shown, state.at, end, state.shares))
        return _moves(state, known[place], shown.decoder)

    for at, states in search.places():
        if at >= end:
            break
        search.expand(at, states, moves)
    for char in behind:
        states = search.prune([state._replace(context=state.context.extend(char)) for state in states])
    best = states[0]
    for other in states[1:]:
        best = _joined(best, other)
    return best


def _moves(state: State, ways: Sequence[Candidates], decoder: Decoder) -> Iterator[State]:
    for chars, whole, at, shares, price in ways:
        for char in chars:
            if state.shares and state.text[-1] != _LOST and _is_shown(decoder, state.text[-1], char):
                continue
            known = char[0] != _LOST
            context = state.context.extend(char) if known else state.context.after_unknown(price)
            own = ((state.at + each, len(state.text) + each) for each in range(0 if whole else len(char)))
            dearer = state.price + (price if known else 0.0)
            if char == _WIDE_BLANK and state.text and not whole:
                dearer += _INDENTED
            yield State(at, shares, dearer, context, state.text + char, (*state.fills, *own), state.votes)


def _is_shown(decoder: Decoder, char: str, following: str) -> bool:
    """Whether the last byte of a character and the first of the next are a pair that a decoder can show."""
    return char.encode()[-1] not in unshown(decoder, following.encode()[0])


def _future(state: State) -> object:
    return state.shares, merge_key(state.context)


def _joined(better: State, other: State) -> State:
    """The better of two hypotheses, which remembers the other where it says something else."""
    ratio = 10 ** (other.score - better.score)
    if ratio < _NO_RIVAL or not better.fills:
        return better
    theirs = {byte: other.text[place] for byte, place in other.fills[-_LAST:]}
    votes = dict(better.votes)
    for byte, place in better.fills[-_LAST:]:
        same, against = votes.get(byte, _ALONE)
        its_same, its_against = other.votes.get(byte, _ALONE)
        if theirs.get(byte) == better.text[place]:
            votes[byte] = same + ratio * its_same, against + ratio * its_against
        else:
            votes[byte] = same, against + ratio * (its_same + its_against)
    return better._replace(votes=votes)


_POLICY: Final = Policy(_WIDTH, _HOPELESS, float("inf"), _future, _joined, absorb=True)


def _decided(state: State) -> tuple[str, int]:
    """What a stretch says with the characters that are sure filled in, and how many these are."""
    text, sure = list(state.text), 0
    crowded = _crowded([place for _, place in state.fills])
    for byte, place in state.fills:
        same, against = state.votes.get(byte, _ALONE)
        if text[place] != _LOST and place not in crowded and against <= same * 10**-LEAST_MARGIN:
            sure += 1
        else:
            text[place] = _LOST
    return "".join(text), sure


def _crowded(places: Sequence[int]) -> set[int]:
    """The places in runs of more than ``MOST_TOGETHER``."""
    runs: list[list[int]] = [[place] for place in places[:1]]
    for before, place in pairwise(places):
        if place == before + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return {place for run in runs if len(run) > MOST_TOGETHER for place in run}


# log10 of the gain from which a line came as another line of its page did.
_SPEAKS: Final = 6.0


def with_losses(line: str, best: Hypothesis | None, known: Iterable[Chain] = ()) -> Hypothesis | None:
    """The best hypothesis about a line, that bytes of UTF-8 were lost among them; ``best`` is the best of the others.

    ``known`` are the chains that garbled other lines of its page.

    >>> found = with_losses("杩欎釜闂?棰?", None)
    >>> (found.edits[0].after, found.filled) if found else None
    ('这个问题', 2)
    """
    if best and best.gain > 0.0 and (_is_whole(line, best) or not _may_lack(line, best)):
        return best
    found = {chain[0] for chain in best.chains} if best else set()
    of_page = {chain[0] for chain in known}
    for channel in sorted(lossy_channels(line, found), key=lambda channel: channel not in of_page):
        judged = (_judged(line, each, channel) for each in restored(line, channel.read))
        lossy = max(filter(None, judged), key=lambda each: each.gain, default=None)
        if lossy and (best is None or lossy.gain > best.gain):
            rival = best if best and channel not in found and _differ(line, best, lossy) else None
            best = lossy._replace(margin=lossy.gain - rival.gain) if rival else lossy
        if lossy and channel in of_page and lossy.gain >= _SPEAKS:
            break
    return best


def _differ(line: str, one: Hypothesis, other: Hypothesis) -> bool:
    return apply(line, one.edits) != apply(line, other.edits)


def _is_whole(line: str, best: Hypothesis) -> bool:
    """Whether every byte of a line is accounted for."""
    return [edit.before for edit in best.edits] == [line] and "\ufffd" not in best.edits[0].after


def _may_lack(line: str, best: Hypothesis) -> bool:
    """Whether a line shows, undone, that bytes of it were lost; or may, since hardly anything in it was left alone."""
    if has_losses(apply(line, best.edits)):
        return True
    undone = [edit.span for edit in best.edits]
    return best.chains[0][0].written.proves and all_of_it(line, undone) not in (None, *undone)


def _judged(line: str, found: LossyFix, channel: Channel) -> Hypothesis | None:
    if not has_letters(found.edits, channel):
        return None
    undone = apply(line, found.edits)
    gain = weight(undone) - weight(line) + LOST * found.lost + channel.prior + found.prior
    gain += sum(proof(edit.after, channel) for edit in found.edits)
    if not all(is_language(edit.after.replace("\ufffd", ""), channel.written, gain) for edit in found.edits):
        return None
    return Hypothesis(found.edits, ((channel,),), gain, filled=found.filled, lost=found.lost)
