#!/usr/bin/env bash
# Renew the TLS certificate of one host and reload the proxy without dropping connections.
#
# Usage:  renew_certs.sh --host NAME [--dry-run]
# Needs:  the file /etc/tidewell/dns-acme.token (from the Strongroom vault Platform), root rights on an edge machine.
# Exits:  0 renewed or nothing to do · 2 bad usage · 3 the new certificate is not valid for the host
set -euo pipefail

host="" dry_run=no
while (($#)); do
  case "$1" in
    --host) host="${2:?--host needs a name}"; shift 2 ;;
    --dry-run) dry_run=yes; shift ;;
    *) echo "unknown option: $1" >&2; exit 2 ;;
  esac
done
[[ -n "$host" ]] || { echo "usage: renew_certs.sh --host NAME [--dry-run]" >&2; exit 2; }

live="/etc/tidewell/tls/$host"
# Nothing to do while more than 30 days (2,592,000 seconds) are left.
if openssl x509 -checkend 2592000 -noout -in "$live/cert.pem"; then
  echo "$host: more than 30 days left"
  exit 0
fi

new="$(mktemp -d)"
trap 'rm -rf "$new"' EXIT
acme-client --dns-token /etc/tidewell/dns-acme.token --host "$host" --out "$new"

# Never install a certificate that names another host.
openssl x509 -noout -checkhost "$host" -in "$new/cert.pem" || exit 3

if [[ "$dry_run" == yes ]]; then
  echo "$host: would install $(openssl x509 -noout -enddate -in "$new/cert.pem")"
  exit 0
fi
install -m 600 "$new"/*.pem "$live/"
edge-proxy reload --graceful
echo "$host: renewed"
