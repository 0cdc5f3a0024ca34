"""A rubric version as one plain document: the form in which it is exported, copied and compared."""

from rubrics.file_format import FORMAT, FORMAT_VERSION, Document
from rubrics.models import RATINGS, Anchor, Dimension, Question, RubricVersion, SampleAnswer


def document_of(version: RubricVersion) -> Document:
    """Everything that an interviewer reads in a version, with its practice answers."""
    dimensions = version.dimensions.prefetch_related("anchors", "questions")
    answers = version.sample_answers.select_related("question__dimension")
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "rubric": {
            "key": version.rubric.key,
            "name": version.rubric.name,
            "description": version.rubric.description,
        },
        "note": version.note,
        "dimensions": [_dimension(dimension) for dimension in dimensions],
        "exercises": [
            {
                "key": answer.key,
                "dimension": answer.question.dimension.key,
                "question": answer.question.key,
                "answer": answer.answer,
                "rating": answer.rating,
                "reason": answer.reason,
            }
            for answer in answers
        ],
    }


def _dimension(dimension: Dimension) -> Document:
    return {
        "key": dimension.key,
        "letter": dimension.letter,
        "name": dimension.name,
        "meaning": dimension.meaning,
        "weight": dimension.weight,
        "anchors": [dimension.anchor_text(value) for value in RATINGS],
        "questions": [
            {
                "key": question.key,
                "kind": question.kind,
                "text": question.text,
                "probes": question.probes,
                "listen_for": question.listen_for,
            }
            for question in dimension.questions.all()
        ],
    }


def fill_version(version: RubricVersion, document: Document) -> None:
    """Give an empty draft the dimensions, questions, anchors and practice answers of a document."""
    version.refuse_if_frozen()
    rows = list(enumerate(document["dimensions"]))
    dimensions = Dimension.objects.bulk_create(
        Dimension(version=version, position=place, **{name: row[name] for name in DIMENSION_FIELDS})
        for place, row in rows
    )
    Anchor.objects.bulk_create(
        Anchor(dimension=dimensions[place], value=value, text=text)
        for place, row in rows
        for value, text in zip(RATINGS, row["anchors"], strict=True)
    )
    questions = Question.objects.bulk_create(
        Question(dimension=dimensions[place], position=at, **question)
        for place, row in rows
        for at, question in enumerate(row["questions"])
    )
    by_key = {(question.dimension.key, question.key): question for question in questions}
    SampleAnswer.objects.bulk_create(
        SampleAnswer(
            version=version,
            question=by_key[row["dimension"], row["question"]],
            position=place,
            **{name: row[name] for name in ANSWER_FIELDS},
        )
        for place, row in enumerate(document["exercises"])
    )


DIMENSION_FIELDS = ("key", "letter", "name", "meaning", "weight")
ANSWER_FIELDS = ("key", "answer", "rating", "reason")
