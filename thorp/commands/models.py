"""Commands about models: `models`, `models PATH`, `models get`, `models plan`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from engine.errors import BadInput, nearest
from thorp.commands.common import AsJson, DefaultGroup, fields_of, to_people

app = typer.Typer(cls=DefaultGroup, invoke_without_command=True)


@app.callback(epilog="Example: thorp models path/to/model.gguf")
def models(context: typer.Context, as_json: AsJson = False) -> None:
    """List the models that are available here: where from, size, licence. With a path: look at that model."""
    if context.invoked_subcommand is not None:
        return
    from engine.llm.inventory import embedded_models

    found = embedded_models()
    for model in found:
        size = f"{model.bytes / 1e6:.0f} MB" if model.bytes else "missing: run `make install`"
        to_people.print(f"[bold]{model.name}[/bold]  {model.purpose}, {size}, {model.licence}, package {model.package}")
        to_people.print(f"    {model.path}", soft_wrap=True)
    to_people.print("[bold]openai:BASE_URL#MODEL[/bold]  any model behind an OpenAI-compatible server (docs/models.md)")
    to_people.print("[bold]scripted[/bold]  everything, by rules; part of Thorp")
    if as_json:
        print(json.dumps({"models": [fields_of(model) for model in found]}))


@app.command(DefaultGroup.DEFAULT, epilog="Example: thorp models path/to/model.gguf")
def show(
    path: Annotated[Path, typer.Argument(help="A model's folder or file.", show_default=False)], as_json: AsJson = False
) -> None:
    """Look at a model: `show` can be left out."""
    from engine.llm.inventory import describe

    model = describe(path)
    to_people.print(f"[bold]{model.family}[/bold]  {model.parameters / 1e6:,.1f} million parameters, {model.kind}")
    to_people.print(f"    {', '.join(model.formats)}; {model.bytes / 1e6:,.1f} MB in files", soft_wrap=True)
    to_people.print(
        f"    {model.layers} layers, context of {model.context:,} tokens, {model.vocabulary:,} tokens known"
    )
    to_people.print(f"    chat template: {'yes' if model.chat_template else 'none'}")
    to_people.print(f"    thorp run --model embedded:{escape(model.path)}", soft_wrap=True)
    if as_json:
        print(json.dumps({"model": fields_of(model)}))


@app.command("get", epilog="Example: thorp models get embedded")
def get(spec: Annotated[str, typer.Argument(help="A model's name.", show_default=False)]) -> None:
    """Say where a model is, or how it comes here; nothing is fetched."""
    from engine.llm.inventory import embedded_models

    wanted = [m for m in embedded_models() if spec.casefold() in ("embedded", m.name.casefold(), m.package)]
    missing = [model.package for model in wanted if not model.path]
    for model in wanted:
        to_people.print(f"[bold]{model.name}[/bold]  {model.path or 'is missing'}", soft_wrap=True)
    if wanted and not missing:
        return
    if missing:
        to_people.print(f"[bold]make install[/bold] installs {' and '.join(missing)}, with hashes checked.")
    else:
        to_people.print(
            "Thorp fetches no models. Bring a Hugging Face folder (config.json, *.safetensors, tokenizer.json) or a "
            "GGUF file to this machine by other means; then [bold]thorp models PATH[/bold] says whether it can be "
            "used, and [bold]thorp run --model embedded:PATH[/bold] uses it."
        )
    raise typer.Exit(1)


@app.command(epilog="Example: thorp models plan opt-30b --gpu 16 --ram 200 --disk 1500")
def plan(
    spec: Annotated[str, typer.Argument(help="opt-30b, llama-3-8b, …, a folder, a GGUF file, or embedded.")],
    gpu: Annotated[float, typer.Option(help="GiB of GPU memory; 0: none.", min=0, max=1e6)] = 0,
    ram: Annotated[float | None, typer.Option(help="GiB of RAM (default: all).", min=0, max=1e6)] = None,
    disk: Annotated[float | None, typer.Option(help="GiB of disk (default: all that is free).", min=0, max=1e6)] = None,
    prompt: Annotated[int, typer.Option(help="Tokens of each prompt.", min=1, max=1 << 20)] = 512,
    generate: Annotated[int, typer.Option(help="Tokens written after each.", min=1, max=1 << 20)] = 32,
    precision: Annotated[str, typer.Option(help="fp16 (bf16 on a GPU), fp32 or 4bit.")] = "fp16",
    link: Annotated[
        float | None,
        typer.Option(help="Assumed: GiB/s from RAM to GPU (default: this GPU's, else 12.89).", min=0.01, max=1e4),
    ] = None,
    tflops: Annotated[
        float | None,
        typer.Option(help="Assumed: TFLOP/s of the GPU (default: this GPU's, else 21.24).", min=0.01, max=1e5),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Plan where a model's weights would be, and predict how fast it would be; say why."""
    from engine.llm.embedded import pin_threads
    from engine.llm.tiers.cache import cache_folder
    from engine.llm.tiers.formats import STORAGE_FORMATS
    from engine.llm.tiers.work import GIB, Tiers, Work
    from engine.machine import free_bytes, memory_bytes

    pin_threads()
    from engine.llm.tiers.gpu import GpuSpeeds
    from engine.llm.tiers.plan import gpu_here
    from engine.llm.tiers.plan import plan as make_plan

    if precision not in STORAGE_FORMATS:
        raise BadInput("--precision", f"is '{precision}'{nearest(precision, STORAGE_FORMATS)}")
    tiers = Tiers(
        gpu * GIB,
        memory_bytes() if ram is None else ram * GIB,
        free_bytes(cache_folder()) if disk is None else disk * GIB,
    )
    assumed = None
    if link is not None or tflops is not None or not gpu_here():
        usual = GpuSpeeds()
        assumed = usual.scaled(
            usual.to_gpu if link is None else link * GIB, usual.multiply if tflops is None else tflops * 1e12
        )
    made = make_plan(spec, precision, tiers, Work(prompt, generate), assumed)
    to_people.print(
        f"[bold]{made.model}[/bold]  {made.parameters / 1e9:.2f} billion weights, {made.precision}: predicted "
        f"[bold]{made.tokens_per_s:.3g} tokens/s[/bold] ({made.sequences} sequences of {prompt} + {generate} tokens)"
    )
    table = Table("what", "how much")
    for name, share in made.placement.items():
        if share:
            table.add_row(name, f"{share:.0%}")
    for name, size in made.sizes.items():
        table.add_row(name, f"{size:,}")
    for name, gib in made.gib.items():
        table.add_row(f"{name} at the peak", f"{gib:.2f} GiB")
    to_people.print(table)
    to_people.print(f"It is limited by {'; '.join(made.limits)}.")
    for name, speed in made.better[:3]:
        to_people.print(f"    {name}: {speed:.3g} tokens/s ({speed / made.tokens_per_s - 1:+.0%})")
    to_people.print(f"Measured here: {_listed(made.measured)}.")
    if made.assumed:
        to_people.print(f"[bold]Assumed, not measured[/bold]: {_listed(made.assumed)}.")
    to_people.print(f"To run it: {made.runs}", soft_wrap=True)
    if as_json:
        print(json.dumps(fields_of(made)))


def _listed(numbers: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {number:.3g}" for name, number in numbers.items())
