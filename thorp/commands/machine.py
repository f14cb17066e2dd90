"""Commands about this machine: `doctor`, `bench`."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from engine.errors import BadInput
from thorp.commands.common import AsJson, to_people

_TRIED: Final = {
    "pass": ("a pass (attention, norms)", "answers depend on who else is thinking"),
    "meaning": ("the meaning of a text", "texts are encoded one by one"),
}
"""What is tried beside products, and what it means where that fails."""


def doctor(
    measure: Annotated[
        bool, typer.Option("--measure", help="Measure the speeds of this machine anew, and try the sentence encoder.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look at this machine: versions, cores, memory, speeds, models, and what is missing."""
    import platform
    import shutil
    from importlib import metadata

    from engine.bench import describe_machine
    from engine.llm.files import FAMILIES
    from engine.llm.inventory import embedded_models
    from thorp.manifest import PACKAGES

    machine = describe_machine()
    versions = {name: _version(metadata, name) for name in PACKAGES}
    missing = [name for name, version in versions.items() if version is None]
    models = embedded_models()
    missing += [model.package for model in models if not model.bytes]
    table = Table("what", "found", title="Thorp on this machine")
    table.add_row("Python", platform.python_version())
    table.add_row("processor", f"{machine['cpu']}, {machine['cores']} cores")
    table.add_row("memory", f"{machine['memory_gib']} GiB")
    gpu = _gpu(driver=shutil.which("nvidia-smi") is not None) if versions["torch"] else "torch is missing"
    table.add_row("GPU", gpu or "none")
    table.add_row("model files", f"GGUF, Hugging Face folders: {', '.join(FAMILIES)}")
    for name, version in versions.items():
        table.add_row(name, version or "[red]missing[/red]")
    for model in models:
        table.add_row(model.name, f"package {model.package}" if model.bytes else "[red]missing[/red]")
    invariant = {} if missing else _invariant(measure=measure)
    for name, holds in invariant.items():
        what, otherwise = _TRIED.get(name, (f"a product in {name}", "not used for minds"))
        table.add_row(
            f"{what}, alone and among others", "the same bits" if holds else f"[red]other bits: {otherwise}[/red]"
        )
    speeds = {} if missing else _speeds(measure=measure)
    if not speeds:
        table.add_row("speeds", "not measured yet (with --measure, or when they are first needed)")
    for name, speed in speeds.items():
        table.add_row(name, f"{speed:.3g}")
    to_people.print(table)
    if missing:
        to_people.print(f"Missing: {', '.join(missing)}. This line installs everything: [bold]make install[/bold]")
    if as_json:
        about = {
            "machine": machine,
            "versions": versions,
            "gpu": gpu or None,
            "missing": missing,
            "batch_invariant": invariant,
        }
        print(json.dumps(about | {"speeds": speeds}))
    if missing:
        raise typer.Exit(1)


def _gpu(*, driver: bool) -> str:
    """Return what is known about a GPU, nothing where there is none."""
    from engine.llm.embedded import pin_threads

    pin_threads()
    import torch

    if not torch.cuda.is_available():
        return "an NVIDIA driver is there, but this torch is without CUDA: install one that has it" if driver else ""
    from engine.llm.tiers.plan import gpu_here

    found = torch.cuda.get_device_properties(0)
    if not gpu_here():
        return f"{found.name}, which is too old to compute with here (it has no bfloat16)"
    return f"{found.name}, {found.total_memory / 2**30:.0f} GiB: --model 'embedded?device=cuda'"


def _invariant(*, measure: bool) -> dict[str, bool]:
    """Return for each thing that is computed whether it does not depend on who else is thinking, tried here.

    That is products by their number formats, a whole `pass`, and, as that takes some ten seconds, `meaning` on demand.
    """
    from engine.llm.embedded import pin_threads

    pin_threads()
    from engine.llm.embedding import Embedding
    from engine.llm.invariance import invariant_formats, passes_are_invariant
    from engine.llm.inventory import SENTENCE_ENCODER

    found = {**invariant_formats(), "pass": passes_are_invariant()}
    return {**found, "meaning": Embedding(SENTENCE_ENCODER.locate()).together > 1} if measure else found


def _speeds(*, measure: bool) -> dict[str, float]:
    """Return what was measured on this machine for models that are larger than memory, nothing if it was not yet."""
    from engine.llm.embedded import pin_threads

    pin_threads()
    from engine.llm.tiers.constants import constants_of_this_machine, known_constants

    k = constants_of_this_machine(anew=True) if measure else known_constants()
    if k is None:
        return {}
    return {
        "disk, cold, GB/s": k.disk_cold / 1e9,
        "disk, from the system's memory, GB/s": k.disk_warm / 1e9,
        "memory copied, GB/s": k.copy / 1e9,
        "products in single precision, GFLOP/s": 120 * k.multiply / 1e9,
        "weights expanded from fp16, 10^9/s": k.expand_fp16 / 1e9,
        "weights expanded from 4 bits, 10^9/s": k.expand_4bit / 1e9,
        "attention, GFLOP/s": k.attend / 1e9,
        "small operations of a layer, ms": 1e3 * k.layer,
        "a sequence's attention in a layer, ms": 1e3 * k.block,
        "part of reading that computing waits for": k.contention,
    }


def _version(metadata: Any, package: str) -> str | None:
    try:
        return str(metadata.version(package))
    except metadata.PackageNotFoundError:
        return None


def bench(
    name: Annotated[
        str,
        typer.Argument(help="kernel, schedule, resume, paths, retrieval, log, engine, offload.", show_default=False),
    ],
    size: Annotated[
        int | None, typer.Option(help="Of offload: megabytes of weights.", min=50, max=100_000, show_default=False)
    ] = None,
    gpu: Annotated[
        float | None,
        typer.Option(
            help="Of offload: on a GPU, of which so many GiB may be used.", min=1, max=1e4, show_default=False
        ),
    ] = None,
    residency: Annotated[
        bool, typer.Option("--residency", help="Of engine: what is kept of earlier contexts when memory is short.")
    ] = False,
    minutes: Annotated[
        float | None, typer.Option(help="Of engine: begin no further round after so long.", min=0, show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure one part of Thorp against a peer, both in the same run."""
    from functools import partial

    from engine.bench import bench_engine, bench_offload
    from engine.errors import nearest
    from thorp.bench import BENCHES

    if name not in BENCHES:
        raise BadInput("bench", f"unknown benchmark '{name}'{nearest(name, BENCHES)}")
    if size is not None and name != "offload":
        raise BadInput("--size", f"is an option of the benchmark 'offload', not of '{name}'")
    if gpu is not None and name != "offload":
        raise BadInput("--gpu", f"is an option of the benchmark 'offload', not of '{name}'")
    if gpu is not None and size is not None:
        raise BadInput("--size", "does not go with --gpu: the models' sizes are given there")
    if residency and name != "engine":
        raise BadInput("--residency", f"is an option of the benchmark 'engine', not of '{name}'")
    if minutes is not None and (residency or name != "engine"):
        raise BadInput("--minutes", "is an option of the benchmark 'engine' against its peers, and of no other")
    if residency:
        from engine.bench.residency import bench_residency

        result = bench_residency()
    elif gpu is not None:
        from engine.bench.offload_gpu import bench_offload_gpu

        result = bench_offload_gpu(gpu)
    elif name == "engine":
        with to_people.status("…") as status:
            result = bench_engine(minutes=minutes, show=status.update, say=to_people.print)
    else:
        result = (BENCHES[name] if size is None else partial(bench_offload, size))()
    partly = f" (partial: {result.partial})" if result.partial else ""
    table = Table(*result.rows[0], title=f"{name} on {result.machine['cpu']}, {result.machine['cores']} cores{partly}")
    for row in result.rows:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value) for value in row.values()))
    Console(stderr=True, width=max(to_people.width, 130)).print(table)
    if as_json:
        print(json.dumps(result.as_json()))
