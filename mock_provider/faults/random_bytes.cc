// Another protocol on the port, or memory gone wrong: 256 bytes that are no HTTP, then FIN.
#include <cstdint>
#include <string>

#include "mock_provider/faults/fault.h"

namespace mock_provider {

void RandomBytes(DrawSequence& draws, WirePlan& wire) {
  std::string noise;
  while (noise.size() < 256) {
    const std::uint64_t bits = draws.NextBits();
    for (int shift = 0; shift < 64; shift += 8) noise += static_cast<char>(bits >> shift);
  }
  // Never by chance the beginning of an answer.
  noise[0] = '\x16';
  wire.Write(noise);
  wire.Close();
}

}  // namespace mock_provider
