"""Measures how often a picture is judged wrongly: `scripts/bench comparing [pictures]`.

Every picture is published, then passed on and altered in each way of `tests.saved_again`; prints the answers for both,
and the time a comparison takes.
"""

import sys
import time
from collections import Counter
from random import Random

from server.gateways.images import Likeness, compare
from tests.saved_again import altered, opened, renditions, saved_again, scenes

SAME = {Likeness.RESAVED, Likeness.TURNED}
SEED = 20261127


def main(count: int) -> None:
    """Print a line for each way, with the number of wrong answers."""
    asked, false, seconds = Counter[str](), Counter[str](), 0.0
    for number, photo in enumerate(scenes(count, seed=SEED)):
        ours, by = renditions(photo), Random(f"{SEED} {number}")
        picture = opened(ours[number % 2])  # the large and the medium one alternate
        for is_same, made in ((True, saved_again(picture, by=by)), (False, altered(picture, by=by))):
            for name, data in made.items():
                begun = time.process_time()
                likeness = compare(data, ours).likeness
                seconds += time.process_time() - begun
                asked[name] += 1
                if (likeness in SAME) != is_same:
                    false[name] += 1
                    print(f"  picture {number}: {name} is {likeness}", flush=True)
    for name, times in asked.items():
        print(f"{name:24} {times:5} asked {false[name]:4} false")
    print(
        f"{sum(asked.values())} comparisons, {sum(false.values())} false, {seconds / asked.total() * 1000:.0f} ms each"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
