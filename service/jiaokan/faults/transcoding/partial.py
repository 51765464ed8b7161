"""Lines that lost bytes, weighed against what can be undone without a loss."""

from __future__ import annotations

from jiaokan.edits import apply
from jiaokan.faults.transcoding.channels import Channel
from jiaokan.faults.transcoding.language import has_letters, is_language, weight
from jiaokan.faults.transcoding.losses import has_losses, lossy_channels, restore
from jiaokan.faults.transcoding.stretches import LOST, proof
from jiaokan.faults.transcoding.whole import Undone


def with_losses(line: str, best: Undone | None) -> Undone | None:
    """The best hypothesis about a line, that bytes of UTF-8 were lost among them; ``best`` is the best of the others.

    >>> found = with_losses("杩欎釜闂?棰?", None)
    >>> (found.edits[0].after, found.filled) if found else None
    ('这个问题', 2)
    """
    if best and best.gain > 0.0 and (_is_whole(line, best) or not has_losses(apply(line, best.edits))):
        return best
    found = list(dict.fromkeys(chain[0] for chain in best.chains)) if best else []
    for channel in lossy_channels(line, found):
        lossy = _judged(line, channel)
        if lossy and (best is None or lossy.gain > best.gain):
            same = best is None or apply(line, best.edits) == apply(line, lossy.edits)
            best = lossy if same or best is None else lossy._replace(margin=lossy.gain - best.gain)
    return best


def _is_whole(line: str, best: Undone) -> bool:
    """Whether every byte of a line is accounted for."""
    return [edit.before for edit in best.edits] == [line] and "\ufffd" not in best.edits[0].after


def _judged(line: str, channel: Channel) -> Undone | None:
    restored = restore(line, channel.read)
    if restored is None:
        return None
    if not has_letters(restored.edits, channel):
        return None
    undone = apply(line, restored.edits)
    gain = weight(undone) - weight(line) + LOST * restored.lost + channel.prior
    gain += sum(proof(edit.after, channel) for edit in restored.edits)
    if not all(is_language(edit.after.replace("\ufffd", ""), channel.written, gain) for edit in restored.edits):
        return None
    return Undone(restored.edits, ((channel,),), gain, filled=restored.filled, lost=restored.lost)
