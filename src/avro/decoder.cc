#include "avro/codec.h"
#include "avro/compiler.h"
#include "avro/interpreter.h"
#include "avro/json_sink.h"
#include "avro/resolver.h"
#include "avro/validate_sink.h"

namespace omashu::avro {

struct Decoder::Programs {
  Schema reader;  // which the program for plain JSON needs
  Program slots;  // of which validation uses the reading only
  Program plain;
  Program avro;
};

Result<Decoder> Decoder::compile(const Schema& writer, const Schema& reader) {
  Resolver resolver;
  const auto resolution = resolver.resolve(writer.root(), reader.root());
  if (!resolution) return fail(resolution.error());
  auto programs = std::make_shared<Programs>(Programs{.reader = reader, .slots = {}, .plain = {}, .avro = {}});
  for (const auto& [program, target] :
       {std::pair{&programs->slots, Target::kSlots}, std::pair{&programs->plain, Target::kPlainJson},
        std::pair{&programs->avro, Target::kAvroJson}}) {
    auto compiled = compile_program(**resolution, target);
    if (!compiled) return fail(std::move(compiled.error()));
    *program = std::move(*compiled);
  }
  return Decoder(std::move(programs));
}

Result<void> Decoder::to_json(std::string_view bytes, JsonForm form, std::string& out) const {
  const Program& program = form == JsonForm::kPlain ? programs_->plain : programs_->avro;
  JsonSink sink(program, out);
  auto run = Interpreter(program, sink).run(bytes);
  if (run) {
    sink.finish();
  } else {
    sink.discard();
  }
  return run;
}

Result<void> Decoder::validate(std::string_view bytes) const {
  ValidateSink sink;
  return Interpreter(programs_->slots, sink).run(bytes);
}

}  // namespace omashu::avro
