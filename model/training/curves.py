"""The curves of a run, drawn from its log."""

from model.training.checkpoint import Run


def draw_curves(run: Run) -> None:
    """curves.png: the log's losses, and beside them its errors, over its first column."""
    from matplotlib.figure import Figure  # it takes a second to import, and only the end of a run needs it

    across = run.columns[0]
    figure = Figure(figsize=(10, 3.5), layout="constrained")
    for axes, kind, title in zip(figure.subplots(1, 2), ("loss", "accuracy"), ("loss", "1 − accuracy"), strict=True):
        for name in run.columns:
            if name.endswith(kind):
                values = run.column(name)
                label = name.removesuffix(kind).replace("_", " ").strip() or "training"
                axes.plot(run.column(across), 1 - values if kind == "accuracy" else values, label=label)
        # Logarithmic, because all that matters happens close to 0. A minibatch without an error leaves a gap.
        axes.set(title=title, xlabel=across, yscale="log")
        axes.grid(alpha=0.3, which="both")
        axes.legend()
    figure.savefig(run.folder / "curves.png", dpi=120)
