// What the host gives a Python interpreter besides simWS.
#pragma once

#include "bindings/python/python_object.h"
#include "host/python/host_binding.h"

#include <memory>

namespace simws::host {

// The module sim. Its `wait` only checks and notes what is waited for. None: an exception is set.
python::Object make_sim_module(const std::shared_ptr<HostBinding>& binding);

// What simws_host.py asks of the host. None: an exception is set.
python::Object make_host_module(const std::shared_ptr<HostBinding>& binding);

}  // namespace simws::host
