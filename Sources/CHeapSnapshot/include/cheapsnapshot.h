#pragma once

#include "cheapsnapshot_move_pages.h"
