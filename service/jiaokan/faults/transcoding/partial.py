"""Lines that lost bytes, weighed against what can be undone without a loss."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from jiaokan.edits import apply
from jiaokan.faults.transcoding.channels import Chain, Channel
from jiaokan.faults.transcoding.language import has_letters, is_language, weight
from jiaokan.faults.transcoding.losses import LossyFix, all_of_it, has_losses, lossy_channels, restored
from jiaokan.faults.transcoding.stretches import LOST, proof
from jiaokan.faults.transcoding.whole import Hypothesis

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
