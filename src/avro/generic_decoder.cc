#include "avro/compiler.h"
#include "avro/datum.h"
#include "avro/interpreter.h"
#include "avro/resolver.h"
#include "avro/slot_sink.h"

namespace omashu::avro {

Result<GenericDecoder> GenericDecoder::compile(const Schema& writer, const Schema& reader, bool any_root_name) {
  Resolver resolver;
  const auto resolution = resolver.resolve(writer.root(), reader.root(), any_root_name);
  if (!resolution) return fail(resolution.error());
  auto program = compile_program(**resolution, Target::kSlots);
  if (!program) return fail(std::move(program.error()));
  return GenericDecoder(reader, std::make_shared<const Program>(std::move(*program)));
}

Result<Datum> GenericDecoder::decode(std::string_view bytes, Arena& arena) const {
  arena.reset();
  return decode_beside_others(bytes, arena);
}

Result<Datum> GenericDecoder::decode_beside_others(std::string_view bytes, Arena& arena) const {
  if (bytes.size() > UINT32_MAX) return fail(ErrorCode::kInvalidArgument, "a datum of more than 4 GiB");
  auto* root = static_cast<Slot*>(arena.allocate(program_->root_slots * sizeof(Slot)));
  if (root == nullptr) return fail(ErrorCode::kInvalidArgument, "the schema has too many fields");
  SlotSink sink(arena, root);
  if (Interpreter<SlotSink> interpreter(*program_); !interpreter.run(bytes, sink)) [[unlikely]]
    return fail(interpreter.error());
  return Datum(reader_.root(), *root);
}

Result<OwnedDatum> GenericDecoder::decode_owned(std::string bytes) const {
  const Slot nothing{};
  auto content = std::make_shared<OwnedDatum::Content>(
      OwnedDatum::Content{reader_, program_, std::move(bytes), Arena(), Datum(reader_.root(), nothing)});
  const auto root = decode(content->bytes, content->arena);
  if (!root) return fail(root.error());
  content->root = *root;
  return OwnedDatum(std::move(content));
}

}  // namespace omashu::avro
