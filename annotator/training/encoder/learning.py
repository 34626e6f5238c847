"""One course of training: batches, losses, the falling rate, and what is measured on the way."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from annotator.training.encoder.network import Batch, HeadScores, Network
from annotator.training.encoder.window_rows import UNKNOWN, Targets, WindowRow, batched

_log = logging.getLogger(__name__)
PIECES = 1500
_WARM_UP = 50
_NEVER = -1e4
# Trees and names are what counts; the others are learnt beside them.
_WEIGHTS = {"names": 1.0, "tags": 0.5, "morphs": 0.5, "starts": 0.5, "arcs": 1.0, "relations": 0.5}


@dataclass(frozen=True)
class Course:
    """How long and how fast is learnt: the rates fall to nothing with the last step.

    `seconds` ends a course early on a slow machine, for a trial: the rates follow whichever is
    nearer to its end.
    """

    steps: int
    rate: float
    head_rate: float
    seed: int = 7
    seconds: float = float("inf")
    log_every: int = 100


def learn(
    network: Network,
    rows: Callable[[random.Random], Iterable[Sequence[WindowRow]]],
    course: Course,
    measure: Callable[[Network], dict[str, float]] | None = None,
) -> None:
    """Train `network` in place. `rows` gives portions of an epoch, made anew for each epoch."""
    rng = random.Random(course.seed)
    torch.manual_seed(course.seed)
    network.words.weight.requires_grad_(False)
    optimizer = _optimizer(network, course)
    started, step = time.monotonic(), 0
    mean: dict[str, float] = {}
    while step < course.steps:
        for portion in rows(rng):
            for _, batch, targets in batched(portion, PIECES, rng):
                done = max(step / course.steps, (time.monotonic() - started) / course.seconds)
                _set_rate(optimizer, min(1.0, (step + 1) / _WARM_UP) * max(0.0, 1 - done))
                network.train()
                losses = losses_of(network, network(batch), batch, targets)
                loss = sum(
                    (_WEIGHTS[name] * one for name, one in losses.items()), start=torch.zeros(())
                )
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimizer.step()
                for name, one in losses.items():
                    mean[name] = 0.98 * mean.get(name, one.item()) + 0.02 * one.item()
                step += 1
                if step % course.log_every == 0:
                    spent = time.monotonic() - started
                    told = " ".join(f"{name} {value:.3f}" for name, value in mean.items())
                    _log.info("step %d, %.0f s: %s", step, spent, told)
                if done >= 1 or step >= course.steps:
                    if measure:
                        _log.info("step %d: %s", step, measure(network))
                    return
        if measure:
            _log.info("step %d: %s", step, measure(network))


def losses_of(
    network: Network, scores: HeadScores, batch: Batch, targets: Targets
) -> dict[str, Tensor]:
    """The mean loss of each head over the words of which something is known."""
    losses = {}
    if targets.names.dim() == 3:
        at = batch.is_word
        chances = targets.names[at]
        losses["names"] = -(chances * scores.names[at].log_softmax(-1)).sum(-1).mean()
    elif (targets.names != UNKNOWN).any():
        losses["names"] = _cross_entropy(scores.names, targets.names)
    for name in ("tags", "morphs"):
        if (getattr(targets, name) != UNKNOWN).any():
            losses[name] = _cross_entropy(getattr(scores, name), getattr(targets, name))
    known = targets.starts != UNKNOWN
    if known.any():
        losses["starts"] = F.binary_cross_entropy_with_logits(
            scores.starts[known], targets.starts[known]
        )
    if (targets.heads != UNKNOWN).any():
        losses["arcs"] = _cross_entropy(
            within_sentences(scores.arcs, batch, targets), targets.heads
        )
        heads = targets.heads.clamp(min=0)
        relations = network.heads.relations(scores, heads)
        losses["relations"] = _cross_entropy(relations, targets.relations)
    return losses


def within_sentences(arcs: Tensor, batch: Batch, targets: Targets) -> Tensor:
    """The scores of heads, with those in other sentences made impossible."""
    same = targets.sentences[:, :, None] == targets.sentences[:, None, :]
    return arcs.masked_fill(~(same & batch.is_word[:, None, :]), _NEVER)


def _cross_entropy(scores: Tensor, targets: Tensor) -> Tensor:
    return F.cross_entropy(scores.flatten(0, 1), targets.flatten(), ignore_index=UNKNOWN)


def _optimizer(network: Network, course: Course) -> torch.optim.Optimizer:
    """AdamW (Loshchilov and Hutter 2019), with a higher rate for what MiniLM does not have."""
    new = ("heads.", "shapes.", "places.", "parts.")
    groups: dict[bool, list[Tensor]] = {True: [], False: []}
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            groups[name.startswith(new)].append(parameter)
    return torch.optim.AdamW(
        [
            {"params": groups[False], "peak": course.rate},
            {"params": groups[True], "peak": course.head_rate},
        ],
        weight_decay=0.01,
    )


def _set_rate(optimizer: torch.optim.Optimizer, part: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * part
