"""GraphQL's way to places at events: taken, waited for, admitted, given up, attended."""

import uuid
from typing import Any

import strawberry

from libs.errors.problems import Problem
from libs.policy.acting import Acting
from libs.reading import ids
from libs.serving.session import identity_of, perform, session
from libs.serving.user_errors import as_user_error
from services.platform.events.actions import admitting, attending, places, revealing
from services.platform.events.actions.places import Asked
from services.platform.events.schema.payloads import (
    EventPayload,
    EventResult,
    Participant,
    ParticipantAnswer,
    ParticipantsPayload,
    ParticipantsResult,
    PlacePayload,
    PlaceResult,
)
from services.platform.events.schema.types import PlaceState


@strawberry.input
class TakePlacesInput:
    event_id: strawberry.ID
    count: int
    attendees: list[str] = strawberry.field(default_factory=list[str])
    answers: list[str] = strawberry.field(
        default_factory=list[str], description="質問への回答(質問の順) / in the order of the questions"
    )
    wait: bool = strawberry.field(
        default=False, description="満席なら順番を待つ / stand in line where there are not enough places"
    )


@strawberry.input(description="人数は減らせます / fewer persons, other names")
class ChangePlacesInput:
    id: strawberry.ID
    version: int
    count: int
    attendees: list[str] = strawberry.field(default_factory=list[str])


@strawberry.input(description="参加申込み一件 / one registration")
class PlaceInput:
    id: strawberry.ID
    version: int


@strawberry.input
class GiveUpPlacesInput(PlaceInput): ...


@strawberry.input
class RecordAttendanceInput:
    id: strawberry.ID
    version: int
    attended: int


@strawberry.input
class AttendedInput:
    place_id: strawberry.ID
    attended: int


@strawberry.input(description="出席の名簿をまとめて / the whole list at once")
class RecordAttendanceListInput:
    event_id: strawberry.ID
    places: list[AttendedInput]


@strawberry.input
class OpenAttendanceInput:
    id: strawberry.ID
    version: int


@strawberry.input
class AttendWithCodeInput:
    id: strawberry.ID
    code: str
    attended: int


@strawberry.input
class RevealParticipantsInput:
    event_id: strawberry.ID


@strawberry.type
class PlacesMutation:
    @strawberry.mutation(description="団体の参加枠を取る / take places for the organisation")
    async def take_places(self, info: strawberry.Info, input: TakePlacesInput) -> PlaceResult:
        asked = Asked(input.count, input.attendees, input.answers, input.wait)
        return await perform(
            info,
            PlacePayload,
            lambda acting: places.take(acting, identity_of(input.event_id, "event", "eventId"), asked),
        )

    @strawberry.mutation(description="参加枠を返す・申込みを取り消す / give places up")
    async def give_up_places(self, info: strawberry.Info, input: GiveUpPlacesInput) -> PlaceResult:
        return await perform(
            info, PlacePayload, lambda acting: places.give_up(acting, _place(input.id), input.version)
        )

    @strawberry.mutation(description="案内された空席を受ける / accept a place that became free")
    async def accept_places(self, info: strawberry.Info, input: PlaceInput) -> PlaceResult:
        return await perform(
            info, PlacePayload, lambda acting: places.accept(acting, _place(input.id), input.version)
        )

    @strawberry.mutation(description="申込みの人数・参加者名を変える / change number and names")
    async def change_places(self, info: strawberry.Info, input: ChangePlacesInput) -> PlaceResult:
        return await perform(
            info,
            PlacePayload,
            lambda acting: places.change(
                acting, _place(input.id), input.version, input.count, input.attendees
            ),
        )

    @strawberry.mutation(description="申込みを承認する / admit who asked")
    async def approve_places(self, info: strawberry.Info, input: PlaceInput) -> PlaceResult:
        return await perform(
            info, PlacePayload, lambda acting: admitting.approve(acting, _place(input.id), input.version)
        )

    @strawberry.mutation(description="申込みを断る / decline who asked or waits")
    async def decline_places(self, info: strawberry.Info, input: PlaceInput) -> PlaceResult:
        return await perform(
            info, PlacePayload, lambda acting: admitting.decline(acting, _place(input.id), input.version)
        )

    @strawberry.mutation(description="出席人数を記録する / record how many came")
    async def record_attendance(self, info: strawberry.Info, input: RecordAttendanceInput) -> PlaceResult:
        return await perform(
            info,
            PlacePayload,
            lambda acting: attending.record(acting, _place(input.id), input.version, input.attended),
        )

    @strawberry.mutation(description="出席を名簿でまとめて記録する / record the whole list at once")
    async def record_attendance_list(
        self, info: strawberry.Info, input: RecordAttendanceListInput
    ) -> EventResult:
        came = [(_place(each.place_id), each.attended) for each in input.places]
        return await perform(
            info,
            EventPayload,
            lambda acting: attending.record_list(
                acting, identity_of(input.event_id, "event", "eventId"), came
            ),
        )

    @strawberry.mutation(description="会場に表示する出席番号を作る / make a code to show in the room")
    async def open_attendance(self, info: strawberry.Info, input: OpenAttendanceInput) -> EventResult:
        return await perform(
            info,
            EventPayload,
            lambda acting: attending.open_attendance(acting, identity_of(input.id, "event"), input.version),
        )

    @strawberry.mutation(description="会場の番号で出席する / attend by the code shown in the room")
    async def attend_with_code(self, info: strawberry.Info, input: AttendWithCodeInput) -> PlaceResult:
        right = True

        async def attend(acting: Acting) -> uuid.UUID:
            nonlocal right
            identity = _place(input.id)
            right = await attending.attend(acting, identity, input.code, input.attended)
            assert identity is not None  # noqa: S101 - it was found
            return identity

        said = await perform(info, PlacePayload, attend)
        return said if right else as_user_error(attending.wrong_code(), session(info).language)

    @strawberry.mutation(
        description="参加者の氏名・連絡先・回答を開く(必ず記録) / open participants' names; always logged"
    )
    async def reveal_participants(
        self, info: strawberry.Info, input: RevealParticipantsInput
    ) -> ParticipantsResult:
        return await _reveal(info, identity_of(input.event_id, "event", "eventId"))


async def _reveal(info: strawberry.Info, event_id: uuid.UUID | None) -> Any:  # noqa: ANN401 - the payload or a refusal
    current, admitted = session(info), list[revealing.Admitted]()

    async def log(acting: Acting) -> uuid.UUID:
        admitted.append(await revealing.admit(acting, event_id))
        return admitted[-1].event_id

    try:
        identity = await current.act(str(info.path.key), log, once=False)
        # the log is committed: only now is anything opened
        opened = await admitted[-1].open(current.vault)
    except Problem as problem:
        return as_user_error(problem, current.language)
    return ParticipantsPayload(identity=identity, participants=[_participant(each) for each in opened])


def _participant(each: revealing.Opened) -> Participant:
    return Participant(
        place_id=strawberry.ID(ids.encode("place", each.place["id"])),
        number=each.place["number"],
        state=PlaceState(each.place["state"]),
        organisation=each.place["organisation"],
        count=each.place["count"],
        names=each.names,
        kana=each.who.kana,
        email=each.who.email,
        telephone=each.who.telephone,
        answers=[ParticipantAnswer(question=text, answer=said) for text, said in each.who.answers],
    )


def _place(text: strawberry.ID) -> uuid.UUID | None:
    return identity_of(text, "place")
