"""An organisation that means harm: texts that would break out, and words that never break."""

from __future__ import annotations

from assessments.catalogue.organisations_file import OrganisationEntry
from assessments.scoring import terms

HARM = "\"><img src=x onerror=alert(1)><script>alert(1)</script><svg onload=alert(1)>' x='"
LONG = "Donaudampfschifffahrtsgenossenschaftsverbandsversammlungsprotokoll" * 2


def entries() -> list[OrganisationEntry]:
    """It, as a file would bring it in."""
    say = terms.Answer
    link = f'https://hostile.example/{LONG}?{LONG}="><script>alert(1)</script>'
    return [
        OrganisationEntry(
            "hostile",
            f"{LONG} {HARM}"[:200],
            {
                "country": "GB",
                "place": LONG,
                "website": f"https://{LONG[:60]}.{LONG[:60]}.{LONG[:60]}.example/",
                "summary": f"{HARM} {LONG}",
                "sectors": [HARM],
                "legal_form": LONG,
                "size_class": LONG[:50],
                "languages": [HARM],
            },
            {
                "commons-held": say(level="several", evidence=(link,), note=f"{HARM} {LONG}"),
                "enclosure-history": say(
                    level="no", reservation=f"{HARM} {LONG}", evidence=(link,)
                ),
                "licences-out": say(licences=("LicenseRef-proprietary",), note=LONG),
                "asset-lock": say(na=f"{LONG} {HARM}"),
                "solidarity-outflow": say(unknown=True),
                "one-member-one-vote": say(level="yes", reservation=HARM),
                "flows": say(offers=(LONG, HARM), needs=(HARM, "web hosting", LONG)),
            },
            terms.Requirements(0, {}),
        )
    ]
