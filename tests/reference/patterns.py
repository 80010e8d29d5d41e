"""Licence patterns that know every licence of the worlds and of the cases worked by hand.

The order is that of the product's own table, since the first pattern that matches decides.
"""

LICENCE_CLASSES = {
    "proprietary": ["LicenseRef-proprietary"],
    "restricted": ["CC-BY-NC*", "CC-BY-ND*", "BUSL-1.1", "SSPL-1.0"],
    "reciprocity": ["PPL", "LicenseRef-CoopCycle*", "Hippocratic-*", "Parity-*"],
    "copyleft": [
        "BSD-Protection",
        "AGPL-*",
        "GPL-*",
        "MPL-1.1",
        "MPL-2.0*",
        "EUPL-*",
        "CDDL-*",
        "CC-BY-SA-*",
        "ODbL-1.0",
    ],
    "permissive": ["MIT*", "BSD-*", "Apache-*", "ISC", "Zlib", "CC0-1.0", "CC-BY-4.0"],
}
