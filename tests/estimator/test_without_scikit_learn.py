"""Only who asks for the classifier needs scikit-learn."""

from __future__ import annotations

import sys

from processes import run

HIDDEN = "import sys; sys.modules['sklearn'] = None; import pysnn\n"


def test_importing_pysnn_does_not_import_scikit_learn() -> None:
    code = "import sys, pysnn; dir(pysnn); print('sklearn' in sys.modules)"
    assert run(sys.executable, "-c", code).strip() == "False"


def test_the_classifier_is_found_by_its_name() -> None:
    code = "import pysnn; print('SpikingClassifier' in dir(pysnn), pysnn.SpikingClassifier())"
    assert run(sys.executable, "-c", code).strip() == "True SpikingClassifier()"


def test_without_scikit_learn_the_error_names_the_extra() -> None:
    code = HIDDEN + "try: pysnn.SpikingClassifier\nexcept ImportError as error: print(error)"
    printed = run(sys.executable, "-c", code)
    for words in ("SpikingClassifier", "pip install scikit-learn", "extra 'sklearn'"):
        assert words in printed


def test_without_scikit_learn_all_public_names_can_be_imported() -> None:
    run(sys.executable, "-c", HIDDEN + "from pysnn import *")
