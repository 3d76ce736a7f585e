"""`tanheng token`: a short-lived token signed by a data folder's development key."""

from pathlib import Path
from typing import Annotated

import typer

from clients.cli.errors import InputRefused
from clients.cli.output import AsJson, Output
from clients.cli.service import Bearer, make_token


def token(
    *,
    data_dir: Annotated[Path, typer.Option(help="The data folder of the server.")],
    role: Annotated[
        list[str], typer.Option(help="A role, such as finance_operator; may be repeated.")
    ],
    subject: Annotated[
        str, typer.Option(help="Who is calling. The first role, unless said otherwise.")
    ] = "",
    customer: Annotated[
        list[str] | None,
        typer.Option(help="A customer that the caller may see; may be repeated."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print a token for a server with an embedded database, as the last line.

    It is believed only by a server that runs on the same data folder. Use it as
    TANHENG_TOKEN=$(tanheng token --data-dir var --role finance_operator).
    """
    if not data_dir.is_dir():
        raise InputRefused(
            f"there is no data folder {data_dir}",
            way_out="name the folder that the service runs on (make serve: data)",
        )
    made = make_token(data_dir, Bearer(subject or role[0], role, customer or []))
    if as_json:
        Output(as_json=True).json({"token": made})
    else:
        typer.echo(made)
