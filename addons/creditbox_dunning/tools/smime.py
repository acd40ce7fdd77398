"""Whether the signature of a certified message holds (S/MIME, RFC 8551 and 5652).

No Odoo in here. The signature is computed anew over the bytes that were received. Who
has issued the certificate is only known where somebody has given the certificates that
are trusted: AgID hands its list to the providers of certified mail alone.
"""

import hashlib
import re
from datetime import datetime, timezone
from functools import lru_cache

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from OpenSSL import crypto

KNOWN = "known"  # whole, by a certificate that those trusted vouch for
VALID = "valid"  # whole; nobody has said which certificates are trusted
INVALID = "invalid"
UNCHECKED = "unchecked"  # of a kind that we do not know

_HASHES = {
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_LINE_END = re.compile(rb"\r\n|\r|\n")


class Trust:
    """The certificates that are trusted, with those they have issued."""

    def __init__(self, pem):
        """
        :param bytes pem: certificates one after the other
        :raises ValueError: there is none, or one cannot be read
        """
        self._anchors = [
            crypto.X509.from_cryptography(certificate)
            for certificate in x509.load_pem_x509_certificates(pem)
        ]
        self._known = {}

    def vouches_for(self, certificate, others, moment):
        """:return: bool, at ``moment`` (aware datetime)"""
        key = (certificate, moment.date())
        if key not in self._known:
            self._known[key] = self._verify(certificate, others, moment)
        return self._known[key]

    def _verify(self, certificate, others, moment):
        store = crypto.X509Store()
        # also one that is itself issued by somebody may be the one that is trusted
        store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
        store.set_time(moment.astimezone(timezone.utc))
        for anchor in self._anchors:
            store.add_cert(anchor)
        chain = [crypto.X509.from_cryptography(other) for other in others]
        context = crypto.X509StoreContext(
            store, crypto.X509.from_cryptography(certificate), chain
        )
        try:
            context.verify_certificate()
        except crypto.X509StoreContextError:
            return False
        return True


def check(raw, boundary, signature, moment=None, trust=None):
    """Check the signature of a message of type «multipart/signed».

    :param bytes raw: the whole message, as it was received
    :param str boundary: between its parts, None when it has none
    :param bytes signature: DER
    :param moment: aware datetime at which the certificate must have been good
    :param trust: Trust, None: whoever has issued the certificate
    :return: one of the constants above
    """
    content = signed_content(raw, boundary) if boundary else None
    if content is None:
        return UNCHECKED
    moment = moment or datetime.now(timezone.utc)
    try:
        signed = cms.ContentInfo.load(signature)["content"]
        others = [
            _load(found.chosen.dump())
            for found in signed["certificates"]
            if found.name == "certificate"
        ]
        signers = list(signed["signer_infos"])
        certificates = [_certificate(signer, others) for signer in signers]
        for signer, certificate in zip(signers, certificates, strict=True):
            _verify(signer, certificate, content)
    except (UnsupportedAlgorithm, NotImplementedError):
        return UNCHECKED
    except (InvalidSignature, ValueError, TypeError, KeyError, AttributeError):
        return INVALID  # also what cannot be read
    if not certificates or not all(_is_good(c, moment) for c in certificates):
        return INVALID
    if trust is None:
        return VALID
    trusted = all(trust.vouches_for(c, others, moment) for c in certificates)
    return KNOWN if trusted else INVALID


def signed_content(raw, boundary):
    """The first part, with the ends of line that are signed.

    :return: bytes, None when the message is broken
    """
    mark = re.compile(
        rb"(?:\A|\r\n|\r|\n)--"
        + re.escape(boundary.encode(errors="surrogateescape"))
        + rb"(?:--)?[ \t]*(?=[\r\n]|\Z)"
    )
    first = mark.search(raw)
    start = first and _LINE_END.match(raw, first.end())
    last = start and mark.search(raw, start.end() - len(start.group()))
    if not last:
        return None
    return _LINE_END.sub(b"\r\n", raw[start.end() : last.start()])


@lru_cache(maxsize=64)
def _load(der):
    return x509.load_der_x509_certificate(der)


def _certificate(signer, certificates):
    """:raises KeyError: the signer's certificate is not there"""
    sid = signer["sid"].chosen
    for certificate in certificates:
        if signer["sid"].name == "subject_key_identifier":
            found = _key_identifier(certificate) == sid.native
        else:
            found = (
                certificate.serial_number == sid["serial_number"].native
                and certificate.issuer.public_bytes() == sid["issuer"].dump()
            )
        if found:
            return certificate
    raise KeyError("certificate")


def _key_identifier(certificate):
    try:
        extension = certificate.extensions.get_extension_for_class(
            x509.SubjectKeyIdentifier
        )
    except x509.ExtensionNotFound:
        return None
    return extension.value.digest


def _is_good(certificate, moment):
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc


def _verify(signer, certificate, content):
    """:raises InvalidSignature: it is not the signature of ``content``"""
    digest = signer["digest_algorithm"]["algorithm"].native
    if digest not in _HASHES:
        raise UnsupportedAlgorithm(digest)
    if signer["signed_attrs"]:
        attributes = {
            attribute["type"].native: attribute["values"]
            for attribute in signer["signed_attrs"]
        }
        if (
            hashlib.new(digest, content).digest()
            != attributes["message_digest"][0].native
        ):
            raise InvalidSignature
        # signed as a SET, though stored with a tag of its own
        content = b"\x31" + signer["signed_attrs"].dump()[1:]
    _verify_bytes(signer, certificate.public_key(), content, _HASHES[digest]())


def _verify_bytes(signer, key, content, digest):
    algorithm = signer["signature_algorithm"]
    name, signature = algorithm.signature_algo, signer["signature"].native
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, content, ec.ECDSA(digest))
    elif not isinstance(key, rsa.RSAPublicKey):
        raise UnsupportedAlgorithm(name)
    elif name == "rsassa_pss":
        scheme = padding.PSS(padding.MGF1(digest), padding.PSS.AUTO)
        key.verify(signature, content, scheme, digest)
    else:
        key.verify(signature, content, padding.PKCS1v15(), digest)
