#![cfg_attr(fuzzing, no_main)]
isl_volano_fuzz::target!(stored_form);
