"""Puts the stages around every method of the contract, once per method."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, cast

import grpc
from google.protobuf.message import DecodeError, Message

from services.runtime.interceptors.call import Call, logged
from services.runtime.interceptors.error_status import status_of
from services.runtime.interceptors.policies import MethodPolicy
from services.runtime.interceptors.stages import Stages
from services.runtime.interceptors.validation import Malformed, MalformedMessage

if TYPE_CHECKING:
    Handler = grpc.RpcMethodHandler[Message, Message]
Request = TypeVar("Request")
Response = TypeVar("Response")


class ServingInterceptor(grpc.ServerInterceptor):
    """Composes each handler at its first call and remembers it.

    grpc calls ``intercept_service`` in its one serving thread, so no work is done there.
    """

    def __init__(self, *, stages: Stages, policies: Mapping[str, MethodPolicy]) -> None:
        """Keep what every composition needs."""
        self._stages, self._policies = stages, policies
        self._composed: dict[str, Handler] = {}

    def intercept_service(
        self,
        continuation: Callable[
            [grpc.HandlerCallDetails], "grpc.RpcMethodHandler[Request, Response] | None"
        ],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> "grpc.RpcMethodHandler[Request, Response] | None":
        """Give the composed handler of a method; health and reflection stay as they are."""
        method = str(handler_call_details.method)
        policy = self._policies.get(method)
        handler = continuation(handler_call_details)
        if handler is None:
            return None
        if method not in self._composed:
            plain = cast("Handler", handler)
            self._composed[method] = (
                _without_stages(plain) if policy is None else self._compose(plain, policy)
            )
        return cast("grpc.RpcMethodHandler[Request, Response]", self._composed[method])

    def _compose(self, handler: "Handler", policy: MethodPolicy) -> "Handler":
        # What comes of unreadable bytes is no message; the validation stage refuses it.
        deserializer = cast("Callable[[bytes], Message]", _reading(handler.request_deserializer))
        if handler.unary_stream is not None:
            return grpc.unary_stream_rpc_method_handler(
                self._streaming(handler.unary_stream, policy),
                request_deserializer=deserializer,
                response_serializer=handler.response_serializer,
            )
        if handler.unary_unary is None:
            raise TypeError(f"{policy.method} streams requests, which no stage is made for")
        return grpc.unary_unary_rpc_method_handler(
            self._unary(handler.unary_unary, policy),
            request_deserializer=deserializer,
            response_serializer=handler.response_serializer,
        )

    def _unary(
        self, servicer: Callable[[Message, grpc.ServicerContext], Message], policy: MethodPolicy
    ) -> Callable[[Message, grpc.ServicerContext], Message]:
        def serve(request: Message | Malformed, context: grpc.ServicerContext) -> Message:
            with self._around(request, context, policy) as call:
                message = cast("Message", request)
                if policy.stored:
                    return self._stages.once(call, message, context, servicer)
                return servicer(message, context)
            raise AssertionError("unreachable: the errors stage aborts")

        return serve

    def _streaming(
        self,
        servicer: Callable[[Message, grpc.ServicerContext], Iterator[Message]],
        policy: MethodPolicy,
    ) -> Callable[[Message, grpc.ServicerContext], Iterator[Message]]:
        def serve(request: Message | Malformed, context: grpc.ServicerContext) -> Iterator[Message]:
            with self._around(request, context, policy):
                yield from servicer(cast("Message", request), context)

        return serve

    @contextmanager
    def _around(
        self, request: Message | Malformed, context: grpc.ServicerContext, policy: MethodPolicy
    ) -> Iterator[Call]:
        """Run the stages before the servicer, in their order."""
        with ExitStack() as stack:
            call = stack.enter_context(logged(policy, context))
            stack.enter_context(self._stages.errors(call, request, context))
            stack.enter_context(self._stages.deadline(context))
            principal = stack.enter_context(self._stages.authentication(call, context))
            stack.enter_context(self._stages.permission(call, principal, request))
            self._stages.validator.validate(request)
            if policy.shows_persons and not policy.mutates:
                self._stages.audit_look(call, cast("Message", request))
            call.reached_room = True
            yield call


def _without_stages(handler: "Handler") -> "Handler":
    """Leave health and reflection as they are, but name what cannot be read."""
    reading = cast("Callable[[bytes], Message]", _reading(handler.request_deserializer))
    for servicer, make in (
        (handler.unary_unary, grpc.unary_unary_rpc_method_handler),
        (handler.unary_stream, grpc.unary_stream_rpc_method_handler),
        (handler.stream_stream, grpc.stream_stream_rpc_method_handler),
    ):
        if servicer is not None:
            checked = _readable if handler.request_streaming is False else _all_readable
            return make(_refusing(servicer, checked), reading, handler.response_serializer)
    return handler


def _refusing(
    servicer: Callable[..., object],
    readable: Callable[[object, grpc.ServicerContext], object],
) -> Callable[..., object]:
    @wraps(servicer)  # with its marks: a watch of the health service needs no thread
    def serve(request: object, context: grpc.ServicerContext, *more: object) -> object:
        return servicer(readable(request, context), context, *more)

    return serve


def _readable(request: object, context: grpc.ServicerContext) -> object:
    if isinstance(request, Malformed):
        refusal = MalformedMessage(f"the request is not a message of this contract: {request.why}")
        context.abort_with_status(status_of(refusal, domain="tanheng"))
    return request


def _all_readable(requests: object, context: grpc.ServicerContext) -> object:
    return (_readable(request, context) for request in cast("Iterable[object]", requests))


def _reading(
    deserializer: Callable[[bytes], Message] | None,
) -> Callable[[bytes], Message | Malformed]:
    """Turn bytes that cannot be read into a value, which the validation stage refuses."""

    def read(data: bytes) -> Message | Malformed:
        try:
            return cast("Callable[[bytes], Message]", deserializer)(data)
        except (DecodeError, UnicodeDecodeError, ValueError) as error:
            return Malformed(str(error)[:200])

    return read
