// A schema as text, in the forms that others compare.

#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "avro/schema.h"

namespace omashu::avro {

// The text that Avro Java's Schema.toString() gives, which Confluent's registry stores and compares: docs, aliases,
// defaults and custom properties stay, white space goes, a dotted name splits into name and namespace. Types of
// references are written by name. With `normalized` it is what the registry's normalize=true stores: custom properties,
// aliases and members of defaults sorted, a logical type before other properties, empty docs of types gone.
std::string to_java_text(const Schema& schema, bool normalized = false);

// The same, with the types of references written out where they are first used.
std::string to_resolved_java_text(const Schema& schema);

// Parsing Canonical Form (specification, "Parsing Canonical Form for Schemas"), references written out in full.
std::string to_canonical_form(const Schema& schema);

// CRC-64-AVRO and SHA-256 of the Parsing Canonical Form.
uint64_t fingerprint64(const Schema& schema);
std::array<uint8_t, 32> fingerprint_sha256(const Schema& schema);

}  // namespace omashu::avro
