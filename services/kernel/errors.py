"""The kinds of error that a caller can meet. Concrete errors live beside the rule they guard.

A kind says what the caller can do about it; a transport decides how to say it. Each concrete
error names its ``reason``, one of the words of the contract, and says in its message what was
wrong, with the value, and the way out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One wrong field of a request: its path, and what is wrong with its value."""

    field: str
    description: str


class DomainError(Exception):
    """Something a caller asked for cannot be done, for a reason that has a name."""

    reason: ClassVar[str] = "UNSPECIFIED"

    def __init__(self, message: str, *, metadata: Mapping[str, str] | None = None) -> None:
        """Keep the message and the named facts that a program may read."""
        super().__init__(message)
        self.message = message
        self.metadata: Mapping[str, str] = dict(metadata or {})


class InvalidInput(DomainError):
    """The request is wrong in itself, whatever the state of the books."""

    reason = "INVALID_FIELDS"

    def __init__(
        self,
        message: str,
        *,
        violations: tuple[FieldViolation, ...] = (),
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the message and every wrong field."""
        super().__init__(message, metadata=metadata)
        self.violations = violations


class NotFound(DomainError):
    """The resource does not exist, or the caller has no right to know that it does."""

    reason = "RESOURCE_NOT_FOUND"

    def __init__(self, resource: str) -> None:
        """Name the resource that was asked for."""
        super().__init__(
            f"{resource} was not found;"
            " check the name, or list the collection to see what is there",
            metadata={"resource": resource},
        )


class AlreadyExists(DomainError):
    """A resource of that name is there already."""

    reason = "ALREADY_EXISTS"

    def __init__(self, resource: str) -> None:
        """Name the existing resource."""
        super().__init__(
            f"{resource} exists already; choose another id, or use the existing one",
            metadata={"resource": resource},
        )


class Refused(DomainError):
    """The books are not in a state that allows it; something else must happen first."""

    reason = "WRONG_STATE"

    def __init__(
        self, message: str, *, subject: str, metadata: Mapping[str, str] | None = None
    ) -> None:
        """Name the resource whose state refuses."""
        super().__init__(message, metadata={"subject": subject, **(metadata or {})})
        self.subject = subject


class Conflict(DomainError):
    """Someone else changed the resource meanwhile; read it again and decide again."""

    reason = "ETAG_CHANGED"


class Forbidden(DomainError):
    """The caller is known, and may not do this."""

    reason = "PERMISSION_MISSING"


class Unauthenticated(DomainError):
    """The caller is not known."""

    reason = "TOKEN_INVALID"


class Unavailable(DomainError):
    """Something the service depends on does not answer; the same call may succeed later."""

    reason = "DATABASE_UNAVAILABLE"


class WrongState(Refused):
    """The resource is in another state than the verb needs."""

    reason = "WRONG_STATE"


class EtagChanged(Conflict):
    """The resource was changed since it was read."""

    reason = "ETAG_CHANGED"

    def __init__(self, *, resource: str, given: str, current: str) -> None:
        """Name the resource, the etag given and the one in force."""
        super().__init__(
            f"etag {given!r} of {resource} is out of date; read it again and repeat the change",
            metadata={"resource": resource, "given": given, "current": current},
        )


class FieldsExcludeEachOther(InvalidInput):
    """Two forms of a request were given at once, or neither."""

    reason = "FIELDS_EXCLUDE_EACH_OTHER"
