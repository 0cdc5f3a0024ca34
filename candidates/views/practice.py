"""Practice on sample answers, before the first scorecard and whenever one likes."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from candidates.forms.practice import PracticeForm
from candidates.practising import distance_words, identity, rate_answer, read_practice
from rubrics.models import SampleAnswer
from smarter.accounts.models import UserRequest


@require_GET
def practice(request: UserRequest) -> HttpResponse:
    """What there is to practise on, and how near one has come so far."""
    return render(request, "candidates/practice.html", {"practice": read_practice(request.user)})


@require_http_methods(["GET", "POST"])
def practice_answer(request: UserRequest, pk: int) -> HttpResponse:
    """One answer beside the five anchors; once it is rated, the agreed rating with its reason."""
    answers = SampleAnswer.objects.open_to_practice().with_place()
    answer = get_object_or_404(answers.prefetch_related("question__dimension__anchors"), pk=pk)
    form = PracticeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        rate_answer(user=request.user, answer=answer, value=form.cleaned_data["value"])
        return redirect("candidates:practice_answer", pk)
    found = read_practice(request.user)
    rating = next((row for row in reversed(found.history) if identity(row.answer) == identity(answer)), None)
    context = {
        "answer": answer,
        "form": form,
        "practice": found,
        "rating": rating,
        "distance": distance_words(rating.distance) if rating else "",
    }
    return render(request, "candidates/practice_answer.html", context)
