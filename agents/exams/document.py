"""`docs/thoughts.md`: what minds think, written from the declarations. `python -m agents.exams.document` prints it."""

from __future__ import annotations

from importlib import resources

from agents.cognition import prompts
from agents.cognition.catalogue import THOUGHTS
from agents.cognition.thoughts import WEIGHED, Lean, Line, Pick, Rule, Thought
from agents.exams.discrete import EXAMS
from agents.exams.lines import LINE_EXAMS
from agents.exams.sheets import LinesSheet, read


def document() -> str:
    """Return the whole page."""
    head = resources.files("agents.exams").joinpath("data/thoughts.md").read_text(encoding="utf-8")
    return "\n".join([head, "## The thoughts", "", *_overview(), *(_section(thought) for thought in THOUGHTS)])


def _overview() -> list[str]:
    rows = [f"| [{t.name}](#{t.name}) | {t.settles} | {_kind(t)} | {_cases(t)} |" for t in THOUGHTS]
    return ["| thought | settles | kind | cases |", "| --- | --- | --- | --- |", *rows, ""]


def _kind(thought: Thought) -> str:
    match thought:
        case Pick():
            return "one of several described options"
        case Lean():
            return "between two poles"
        case Line():
            return "text"
        case _:
            return "rule"


def _cases(thought: Thought) -> str:
    if thought.name in EXAMS:
        return str(EXAMS[thought.name]().size)
    _, cases, _ = LINE_EXAMS[thought.name]
    return f"{len(cases(read(LinesSheet, 'lines')))} texts"


def _section(thought: Thought) -> str:
    lines = [f"### {thought.name}", "", f"Settles {thought.settles}. Answer: {thought.answer}.", ""]
    match thought:
        case Rule():
            lines += [f"Rule: {thought.why}.", ""]
        case Pick():
            lines += [*_ways(thought), *_asked(thought)]
        case Lean():
            lines += [*_ways(thought), "By meaning: " + _poles(thought), ""]
            lines += [f"The language model is asked about: {' / '.join(thought.labels)}.", "", *_asked(thought)]
        case Line():
            lines += _line(thought)
    return "\n".join(lines)


def _ways(thought: Thought) -> list[str]:
    if thought.name in WEIGHED:
        return ["Ways: meaning (declared), channel, likelihood, or several with weights.", ""]
    return ["Way: meaning; memories are found by their vectors. The others are examined for comparison.", ""]


def _poles(thought: Lean) -> str:
    low = "; ".join(thought.low)
    high = "; ".join(thought.high)
    return f"from *{low}* to *{high}*."


def _asked(thought: Pick | Lean) -> list[str]:
    (neutral,) = thought.asked.neutral.values()
    references = "; ".join(text for each in thought.asked.references for text in each.values())
    return [
        *_prompt(f"{thought.name}.channel", f"Channel (references: {references})"),
        *_prompt(f"{thought.name}.likelihood", f"Likelihood (neutral: {neutral})"),
    ]


def _line(thought: Line) -> list[str]:
    contrast = "none"
    if thought.instead:
        contrast = f"`{thought.instead}`, weight {thought.contrast_weight}"
    elif thought.blank:
        values = ", ".join(f"{key} = {text.strip()!r}" for key, text in thought.blank.items())
        contrast = f"the same prompt with {values}, weight {thought.contrast_weight}"
    limits = [
        f"begins with `{thought.begin}`",
        f"shape {thought.shape.value}" + (f" `{thought.pattern}`" if thought.pattern else ""),
        f"at most {thought.max_tokens} tokens",
        f"ends at {' or '.join(repr(stop) for stop in thought.stop)}" if thought.stop else "ends with its shape",
        f"temperature {thought.temperature}",
        f"contrast: {contrast}",
        f"banned: {', '.join(thought.banned)}",
    ]
    return [f"Limits: {'; '.join(limits)}.", "", *_prompt(thought.name, "Prompt")]


def _prompt(name: str, title: str) -> list[str]:
    return [
        f"{title}, `prompts/{name}.txt`:",
        "",
        "```",
        *"\n---\n".join(prompts.segments(name)).split("\n"),
        "```",
        "",
    ]


if __name__ == "__main__":
    print(document(), end="")
