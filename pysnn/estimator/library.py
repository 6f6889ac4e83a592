"""What the estimator takes from scikit-learn."""

from __future__ import annotations

from .._base.extras import install_hint

try:
    from scipy.special import log_softmax, softmax
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.preprocessing import MinMaxScaler, StandardScaler
    from sklearn.utils import check_random_state, column_or_1d
    from sklearn.utils.multiclass import check_classification_targets

    # Since 1.6.
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError:
    raise ImportError(
        f"SpikingClassifier needs scikit-learn 1.6 or later, which is not installed: "
        f"{install_hint('sklearn')}"
    ) from None

__all__ = [
    "BaseEstimator",
    "ClassifierMixin",
    "MinMaxScaler",
    "StandardScaler",
    "check_classification_targets",
    "check_is_fitted",
    "check_random_state",
    "column_or_1d",
    "log_softmax",
    "softmax",
    "validate_data",
]
