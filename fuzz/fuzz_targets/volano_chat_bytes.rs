#![cfg_attr(fuzzing, no_main)]
isl_volano_fuzz::target!(volano_chat_bytes);
