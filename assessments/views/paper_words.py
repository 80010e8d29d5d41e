"""The fixed words of the questionnaire on paper, in each language that they are written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PaperWords:
    """What the sheet says by itself, in one language (a tag); {} holds a place for a number."""

    language: str
    title: str
    print_it: str
    languages: str
    online: str
    organisation: str
    date: str
    filled_in_by: str
    how: str
    rules: tuple[str, str, str, str]
    """What is asked, what a but counts as, what silence counts as, what becomes of the sheet."""
    marks: str
    deal_breaker: str
    deal_breaker_means: str
    evidence_required: str
    evidence_required_means: str
    first: str
    first_means: str
    rest: str
    rest_means: str
    all: str
    only_first: str
    practice: Mapping[str, str]
    but: Mapping[str, str]
    counts_as: Mapping[str, str]
    """What a but counts as, by the answer that it counts as."""
    but_what: str
    number: str
    bands: str
    licences: str
    offers: str
    needs: str
    unknown: str
    na: str
    evidence: str
    note: str
    likeness: str
    alike: str
    same: str
    example: str
    counter_example: str
    shows: str
    reason: str
    texts: str


_ENGLISH = PaperWords(
    language="en",
    title="The questionnaire on paper",
    print_it="Print this page with your browser, on A4 or Letter; both sides of a sheet will do.",
    languages="Language of the questionnaire",
    online="The same criteria to read, with what each answer counts and its source",
    organisation="Organisation",
    date="Date",
    filled_in_by="Filled in by",
    how="How to fill this in",
    rules=(
        "Say what you do and what your rules lay down, not what you hold dear: each question "
        "asks for a practice or a fact, for the whole group.",
        "“Yes, but…” counts as No: tick it when the Yes does not hold everywhere, and write "
        "down what the but is.",
        "A question left empty counts as not yet known, just like “We don’t know”; you can "
        "answer it later.",
        "Afterwards, one of you copies the answers into CoopCheck, where nobody outside your "
        "organisation sees them until you publish them.",
    ),
    marks="What the marks mean",
    deal_breaker="Deal-breaker",
    deal_breaker_means="Whoever stays below the answer with this mark does not fit partners who "
    "ask for it, whatever else is answered.",
    evidence_required="Evidence needed",
    evidence_required_means="Without a link that shows it, a good answer counts as not yet known.",
    first="First these {}",
    first_means="They are enough for a first result. Each keeps its number in the whole list, "
    "so the numbers skip here.",
    rest="Then the other {}",
    rest_means="Each dimension begins on a new page, so that a small group can take it away and "
    "talk it through.",
    all="All {} questions",
    only_first="Only the first {} questions, for a first result",
    practice={"yes": "Yes.", "no": "No."},
    but={"yes": "Yes, but…", "no": "No, but…"},
    counts_as={"yes": "counts as Yes", "no": "counts as No"},
    but_what="But what?",
    number="The number:",
    bands="Others see only in which of these steps it lies:",
    licences="The licences, one on a line:",
    offers="We offer, one thing on a line:",
    needs="We need, one thing on a line:",
    unknown="We don’t know.",
    na="Does not apply, because",
    evidence="Evidence (link)",
    note="Note",
    likeness="Between partners",
    alike="No answer is better than another here; partners should be alike.",
    same="Deal-breaker: both give the same answer.",
    example="Example",
    counter_example="Not this",
    shows="What would show it",
    reason="Why it weighs",
    texts="The texts of this questionnaire are published under the licence",
)

_SPANISH = PaperWords(
    language="es",
    title="El cuestionario en papel",
    print_it="Impriman esta página desde el navegador, en A4 o Carta; sirve a doble cara.",
    languages="Idioma del cuestionario",
    online="Los mismos criterios para leer, con lo que cuenta cada respuesta y su fuente",
    organisation="Organización",
    date="Fecha",
    filled_in_by="Rellenado por",
    how="Cómo rellenarlo",
    rules=(
        "Digan lo que hacen y lo que fijan sus normas, no lo que les gustaría: cada pregunta "
        "pide una práctica o un hecho, de todo el grupo.",
        "«Sí, pero…» cuenta como No: márquenlo cuando el Sí no vale en todas partes, y escriban "
        "cuál es el pero.",
        "Una pregunta en blanco cuenta como «aún no se sabe», igual que «No lo sabemos»; pueden "
        "responderla más tarde.",
        "Después, alguien de ustedes pasa las respuestas a CoopCheck, donde nadie de fuera de su "
        "organización las ve hasta que ustedes las publiquen.",
    ),
    marks="Qué significan las marcas",
    deal_breaker="Línea roja",
    deal_breaker_means="Quien queda por debajo de la respuesta con esta marca no encaja con "
    "quienes la piden, responda lo que responda a lo demás.",
    evidence_required="Hace falta una prueba",
    evidence_required_means="Sin un enlace que lo muestre, una buena respuesta cuenta como "
    "«aún no se sabe».",
    first="Primero estas {}",
    first_means="Bastan para un primer resultado. Cada una guarda su número en la lista "
    "completa; por eso aquí los números saltan.",
    rest="Después las otras {}",
    rest_means="Cada dimensión empieza en una página nueva, para que un grupo pequeño pueda "
    "llevársela y hablarla.",
    all="Las {} preguntas",
    only_first="Solo las primeras {} preguntas, para un primer resultado",
    practice={"yes": "Sí.", "no": "No."},
    but={"yes": "Sí, pero…", "no": "No, pero…"},
    counts_as={"yes": "cuenta como Sí", "no": "cuenta como No"},
    but_what="¿Cuál es el pero?",
    number="La cifra:",
    bands="Desde fuera solo se ve en qué tramo está:",
    licences="Las licencias, una por línea:",
    offers="Ofrecemos, una cosa por línea:",
    needs="Necesitamos, una cosa por línea:",
    unknown="No lo sabemos.",
    na="No se aplica, porque",
    evidence="Prueba (enlace)",
    note="Nota",
    likeness="Entre quienes cooperan",
    alike="Aquí ninguna respuesta es mejor que otra; conviene que quienes cooperan se parezcan.",
    same="Línea roja: ambas organizaciones dan la misma respuesta.",
    example="Ejemplo",
    counter_example="Así no",
    shows="Qué lo mostraría",
    reason="Por qué pesa",
    texts="Los textos de este cuestionario se publican con la licencia",
)

_BY_LANGUAGE = {words.language: words for words in (_ENGLISH, _SPANISH)}


def in_language(tag: str) -> PaperWords:
    """The words in a language, by its tag; in English where nobody has written them yet."""
    return _BY_LANGUAGE.get(tag.split("-")[0].lower(), _ENGLISH)
