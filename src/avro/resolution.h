// What schema resolution (specification, "Schema Resolution") asks of a pair of types, for the codec and the
// compatibility checker alike.

#pragma once

#include "avro/schema.h"

namespace omashu::avro {

// Whether named types go together: their names without the namespaces are equal, or an alias of the reader's is the
// writer's full name.
bool names_match(const Node& reader, const Node& writer);

// The writer's field that a reader's field takes its value from: the one of its name or else of an alias, in their
// order. nullptr where the reader's default must do.
const Field* find_writer_field(const Node& writer_record, const Field& reader_field);

// Whether a primitive reads as another: int → long, float, double; long → float, double; float → double;
// string ↔ bytes. Not reflexive.
bool is_promotable(Type writer, Type reader);

}  // namespace omashu::avro
