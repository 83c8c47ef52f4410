"""``minutes serve``: the site shown on this machine alone."""

from __future__ import annotations

from pathlib import Path

import click

from minutes_archive.cli.messages import say
from minutes_archive.cli.settings import common_options
from minutes_archive.errors import MinutesArchiveError
from minutes_archive.export.site.folder import read_manifest
from minutes_archive.export.site.serving import site_server

_PORT = 8017


@click.command("serve", short_help="Show an exported site on this machine.")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("site"))
@click.option("--port", type=click.IntRange(0, 65535), default=_PORT, metavar="N", help=f"At which port ({_PORT}); 0 for any.")
@common_options
def command(folder: Path, port: int) -> int:
    """Show a site that `minutes export site` wrote, at an address of this machine that no other can reach. Ctrl-C ends it.

    \b
    Example:
      minutes export site site
      minutes serve site
    """
    if read_manifest(folder) is None:
        raise MinutesArchiveError(f"{folder} holds no site; write one with: minutes export site {folder}")
    try:
        server = site_server(folder, port)
    except OSError as error:
        raise MinutesArchiveError(f"port {port} can't be used ({error.strerror}); name another with --port") from None
    with server:
        say(f"{folder} is shown at http://127.0.0.1:{server.server_address[1]}/ until Ctrl-C")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("minutes: ended")
    return 0
