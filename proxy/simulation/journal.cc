#include "proxy/simulation/journal.h"

#include <fmt/format.h>

#include <cstdio>

namespace arbstr::proxy::simulation {
namespace {

uint64_t HashOf(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

double SecondsOf(TimePoint at) {
  return std::chrono::duration<double>(at.time_since_epoch() - seconds(1'700'000'000)).count();
}

}  // namespace

void Journal::Note(int64_t request, std::string_view what, std::string_view detail, int64_t number) {
  Mix(static_cast<uint64_t>(timeline_.now().time_since_epoch().count()));
  Mix(static_cast<uint64_t>(request));
  Mix(HashOf(what));
  Mix(HashOf(detail));
  Mix(static_cast<uint64_t>(number));
  if (!print_) return;
  const std::string line = fmt::format("{:>12.6f}  {:>7}  {:<22} {} {}\n", SecondsOf(timeline_.now()),
                                       request == 0 ? std::string("-") : fmt::format("#{}", request), what,
                                       detail, number == 0 ? std::string() : std::to_string(number));
  std::fputs(line.c_str(), stdout);
}

void Journal::Fail(int64_t request, std::string what) {
  Note(request, "BROKEN", what);
  if (!failed()) failure_ = fmt::format("request {}: {}", request, what);
}

}  // namespace arbstr::proxy::simulation
