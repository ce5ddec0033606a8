"""What this computer has that the application needs, and what to do about what is missing.

For ``sa-studio doctor``, for the window, and for reports. It looks, and changes nothing.
"""

from __future__ import annotations

from sa_studio.doctor.examination import examine
from sa_studio.doctor.finding import Finding, State

__all__ = ["Finding", "State", "examine"]
