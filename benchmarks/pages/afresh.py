"""A process that publishes one page and prints how many milliseconds it took."""

import sys
import time

import django


def main(page_id: int) -> None:
    django.setup()
    from django.db import connection  # noqa: PLC0415 - only now is Django there

    from statuspage import publishing  # noqa: PLC0415

    connection.ensure_connection()
    started = time.perf_counter()
    publishing.publish(page_id)
    print((time.perf_counter() - started) * 1000)


if __name__ == "__main__":
    main(int(sys.argv[1]))
