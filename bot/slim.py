"""Rasa without the libraries that Dalil's model never uses.

Importing `rasa.core.agent` imports TensorFlow, scikit-learn and the clients of eleven messengers and databases:
20 s and 540 MB on the machine it was measured on, 3 s and 130 MB without (docs/decisions/0003-slim-rasa.md). None of
them takes part in answering: our graph components are numpy. `install()` puts a stand-in in place of each, whose
classes can be subclassed and named in annotations but raise `Missing` when anything tries to use them.

Only processes of ours call this. The `rasa` command keeps the real libraries.
"""

from __future__ import annotations

import os
import sys
import warnings
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

NEVER_USED = frozenset(
    {
        "aio_pika",
        "aiogram",
        "boto3",
        "botocore",
        "fbmessenger",
        "keras",
        "mattermostwrapper",
        "matplotlib",
        "prompt_toolkit",
        "pymongo",
        "questionary",
        "redis",
        "rocketchat_API",
        "sanic",
        "sanic_cors",
        "sanic_jwt",
        "slack_sdk",
        "socketio",
        "tensorflow",
        "twilio",
        "webexteamssdk",
    }
)
NEVER_USED_IN_SERVING = frozenset({"sklearn", "scipy"})


class Missing(RuntimeError):
    """Something tried to use a library that this process runs without."""


class _StandInType(type):
    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__name__}.{name}")

    def __or__(cls, other: object) -> Any:
        return object


def _stand_in(name: str) -> type:
    def refuse(self: object, *_args: object, **_kwargs: object) -> None:
        raise Missing(f"{name} is not available in this process (bot/slim.py)")

    # An Exception, because Rasa names some of these in `except` clauses.
    return _StandInType(name, (Exception,), {"__init__": refuse})


class _StandInModule(ModuleType):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _stand_in(f"{self.__name__}.{name}")
        setattr(self, name, made)
        return made


class _Finder(MetaPathFinder, Loader):
    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in self._names else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: the stand-in makes its names when asked."""


def install(*, serving: bool) -> None:
    """Replace the unused libraries in this process; call before the first import of rasa.

    Args:
        serving: True where a model only answers; training needs scikit-learn and scipy.
    """
    if serving:
        # A message multiplies a few hundred numbers; threads for that only wait for each other.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    names = NEVER_USED | NEVER_USED_IN_SERVING if serving else NEVER_USED
    sys.meta_path.insert(0, _Finder(names))
    warnings.filterwarnings("ignore", module=r"rasa\..*")
    warnings.filterwarnings("ignore", message=r"The ``declarative_base\(\)`` function")
