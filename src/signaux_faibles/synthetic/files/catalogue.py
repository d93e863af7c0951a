"""Every file of a batch, in the order in which they are written."""

from __future__ import annotations

from signaux_faibles.synthetic.files.bodacc import ANNOUNCEMENTS
from signaux_faibles.synthetic.files.finance import PAYMENTS, RATIOS
from signaux_faibles.synthetic.files.headcount import ACCOUNT_HEADCOUNT, COMPANY_HEADCOUNT
from signaux_faibles.synthetic.files.open_sirene import OPEN_SITES, OPEN_UNITS
from signaux_faibles.synthetic.files.proceedings import PROCEEDINGS
from signaux_faibles.synthetic.files.raw_file import RawFile
from signaux_faibles.synthetic.files.short_time_work import CONSUMPTION, REQUESTS
from signaux_faibles.synthetic.files.sirene import PERIODS, SITES, UNITS
from signaux_faibles.synthetic.files.urssaf import COMMISSIONS, CONTRIBUTIONS, DEBTS, PLANS

PARTNERS, OPEN = "partners", "open"

PARTNER_FILES: tuple[RawFile, ...] = (
    SITES,
    UNITS,
    PERIODS,
    ACCOUNT_HEADCOUNT,
    COMPANY_HEADCOUNT,
    CONTRIBUTIONS,
    DEBTS,
    PLANS,
    COMMISSIONS,
    PROCEEDINGS,
    CONSUMPTION,
    REQUESTS,
    RATIOS,
    PAYMENTS,
    ANNOUNCEMENTS,
)
OPEN_FILES: tuple[RawFile, ...] = (OPEN_SITES, OPEN_UNITS, PERIODS, RATIOS, ANNOUNCEMENTS)
"""What anybody may download, under the names and in the layouts of the public files."""

FILES_OF_PROFILE: dict[str, tuple[RawFile, ...]] = {PARTNERS: PARTNER_FILES, OPEN: OPEN_FILES}
