"""Every error of our own.

    FlywheelError
    ├── ConfigurationError     a setting is missing or wrong
    ├── DocumentError          a document cannot be read
    │   ├── UnsupportedDocument
    │   ├── BrokenDocument
    │   └── HostileDocument
    ├── IndexUnavailable       an index is broken, locked or being rebuilt
    ├── ModelUnavailable       a language model failed; say why
    │   └── ModelRefused       its server will not take such a request, now or later
    ├── ArtefactError          a learned model does not match its manifest
    ├── MembersUnknown         who would read a reply cannot be said now
    ├── NotFound               the thing named does not exist, or is not yours
    ├── NotAllowed             this person may not do that
    ├── InvalidInput           the caller must change something
    └── StaleLease             somebody else holds the job now

The docstring of each class is its default message.
"""


class FlywheelError(Exception):
    """Flywheel could not do what was asked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class ConfigurationError(FlywheelError):
    """A setting is missing or wrong."""


class DocumentError(FlywheelError):
    """A document cannot be read."""


class UnsupportedDocument(DocumentError):
    """No parser knows this kind of document."""


class BrokenDocument(DocumentError):
    """The document is damaged or encrypted."""


class HostileDocument(DocumentError):
    """The document asks for more than a document may (size, depth, a link out of its folder)."""


class IndexUnavailable(FlywheelError):
    """The index is broken, locked by another process, or being rebuilt."""


class ModelUnavailable(FlywheelError):
    """The language model did not give a usable answer."""


class ModelRefused(ModelUnavailable):
    """The language model's server does not take such a request."""


class ArtefactError(FlywheelError):
    """A learned model does not match its manifest."""


class MembersUnknown(FlywheelError):
    """Slack does not say now who is in this channel."""


class NotFound(FlywheelError):
    """There is no such thing, or it is not yours to see."""


class NotAllowed(FlywheelError):
    """You may not do that; ask an owner or an administrator."""


class InvalidInput(FlywheelError):
    """Something in the request must be changed."""


class StaleLease(FlywheelError):
    """The lease has passed to another worker; this one must not write."""
